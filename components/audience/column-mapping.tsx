"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Select } from "#components/ui/select.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { FieldDialog, type MadeField } from "./field-dialog.tsx";

export type Target = string | null;

interface ColumnMappingProps {
  header: readonly string[];
  sample: readonly (readonly string[])[];
  fields: readonly { key: string; label: string }[];
  mapping: readonly Target[];
  onChange: (mapping: Target[]) => void;
  createField: (input: unknown) => Promise<ActionResult<MadeField>>;
}

const standard = ["email", "first_name", "last_name", "full_name", "language"] as const;

/** One row a column: its name, what stands in it, and what it fills. A target that is taken elsewhere is moved. */
export function ColumnMapping({ header, sample, fields, mapping, onChange, createField }: ColumnMappingProps) {
  const t = useTranslations("imports");
  const [naming, setNaming] = useState<number | null>(null);
  const items = [
    { value: "", label: t("leaveOut") },
    ...standard.map((value) => ({ value: value as string, label: t(`targets.${value}`) })),
    ...fields.map((field) => ({ value: `field:${field.key}`, label: field.label })),
    { value: "new", label: t("newField") },
  ];
  function choose(column: number, value: string) {
    if (value === "new") return setNaming(column);
    onChange(mapping.map((target, i) => (i === column ? value || null : target === value ? null : target)));
  }
  return (
    <>
      <Table caption={t("columnsTitle")}>
        <TableHead>
          <Th>{t("column")}</Th>
          <Th>{t("samples")}</Th>
          <Th>{t("target")}</Th>
        </TableHead>
        <TableBody>
          {header.map((name, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have the same name; the place is what they are.
            <Tr key={column}>
              <Td primary className="wrap-anywhere sm:max-w-48">
                {name}
              </Td>
              <Td label={t("samples")} className="min-w-0 text-muted sm:max-w-72">
                <span className="line-clamp-2 wrap-anywhere">
                  {sample
                    .map((row) => row[column] ?? "")
                    .filter((cell) => cell.trim() !== "")
                    .slice(0, 3)
                    .join(" · ") || t("emptyCell")}
                </span>
              </Td>
              <Td className="sm:w-64">
                <Select
                  aria-label={t("targetOf", { column: name })}
                  items={items}
                  value={mapping[column] ?? ""}
                  onValueChange={(value) => choose(column, value)}
                  className="w-full"
                />
              </Td>
            </Tr>
          ))}
        </TableBody>
      </Table>
      {naming !== null && (
        <FieldDialog
          suggestion={header[naming]}
          create={createField}
          open
          onOpenChange={(open) => !open && setNaming(null)}
          onCreated={(field) => onChange(mapping.map((target, i) => (i === naming ? `field:${field.key}` : target)))}
        />
      )}
    </>
  );
}
