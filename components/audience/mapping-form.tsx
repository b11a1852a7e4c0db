"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type SubmitEvent, useState, useTransition } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { MultiCombobox } from "#components/ui/multi-combobox.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { ColumnMapping, type Target } from "./column-mapping.tsx";
import type { MadeField } from "./field-dialog.tsx";
import { type FileLayout, LayoutForm } from "./layout-form.tsx";
import { ListDialog } from "./list-dialog.tsx";

export interface MappingFormProps {
  id: string;
  header: readonly string[];
  sample: readonly (readonly string[])[];
  layout: FileLayout;
  initial: {
    mapping: readonly Target[];
    listIds: readonly string[];
    consentBasis: string;
    updateExisting: "overwrite" | "fill" | "keep";
    dateOrder: "dmy" | "mdy";
  };
  fields: readonly { key: string; label: string; type: string }[];
  lists: readonly { id: string; name: string }[];
  actions: {
    check: (input: unknown) => Promise<ActionResult>;
    changeLayout: (input: unknown) => Promise<ActionResult>;
    cancel: (input: unknown) => Promise<ActionResult>;
    createField: (input: unknown) => Promise<ActionResult<MadeField>>;
    createList: (input: unknown) => Promise<ActionResult<{ id: string; name: string }>>;
  };
}

/** What stands in the columns, where people go, and what they agreed to: all that a dry run needs. */
export function MappingForm({ id, header, sample, layout, initial, fields, lists, actions }: MappingFormProps) {
  const t = useTranslations("imports");
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [mapping, setMapping] = useState<Target[]>([...initial.mapping]);
  const [listIds, setListIds] = useState<string[]>([...initial.listIds]);
  const [madeLists, setMadeLists] = useState<{ id: string; name: string }[]>([]);
  const [madeFields, setMadeFields] = useState<MadeField[]>([]);
  const [basis, setBasis] = useState(initial.consentBasis);
  const [confirmed, setConfirmed] = useState(false);
  const [updateExisting, setUpdateExisting] = useState<string>(initial.updateExisting);
  const [dateOrder, setDateOrder] = useState<string>(initial.dateOrder);
  const [refused, setRefused] = useState<{ message: string; fields: Record<string, string> } | null>(null);

  // Read another way, the file has other columns; what else was filled in stays.
  const columns = JSON.stringify([header, layout]);
  const [knownColumns, setKnownColumns] = useState(columns);
  if (columns !== knownColumns) {
    setKnownColumns(columns);
    setMapping([...initial.mapping]);
    setDateOrder(initial.dateOrder);
  }

  const allLists = [...lists, ...madeLists.filter((made) => !lists.some((list) => list.id === made.id))];
  const allFields = [...fields, ...madeFields.filter((made) => !fields.some((field) => field.key === made.key))];
  const hasDates = allFields.some((field) => field.type === "date" && mapping.includes(`field:${field.key}`));

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    startTransition(async () => {
      const input = { id, mapping, listIds, consentBasis: basis, confirmed, updateExisting, dateOrder };
      const answer = await actions.check(input);
      setRefused(answer.ok ? null : { message: answer.message, fields: answer.fields ?? {} });
      if (answer.ok) router.refresh();
    });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
      <Card>
        <CardHeader title={t("columnsTitle")} description={t("columnsHint")} />
        <CardBody className="flex flex-col gap-5">
          <ColumnMapping
            header={header}
            sample={sample}
            fields={allFields}
            mapping={mapping}
            onChange={setMapping}
            createField={async (input) => {
              const answer = await actions.createField(input);
              if (answer.ok) setMadeFields((made) => [...made, answer.data]);
              return answer;
            }}
          />
          <LayoutForm id={id} layout={layout} change={actions.changeLayout} />
          {hasDates && (
            <Field label={t("dateOrder")} className="sm:max-w-64">
              <Select
                items={[
                  { value: "dmy", label: t("dmy") },
                  { value: "mdy", label: t("mdy") },
                ]}
                value={dateOrder}
                onValueChange={setDateOrder}
              />
            </Field>
          )}
        </CardBody>
      </Card>
      <Card>
        <CardHeader title={t("listsTitle")} />
        <CardBody>
          <FieldStack>
            <div className="flex flex-wrap items-start gap-2">
              <Field
                label={t("listsLabel")}
                error={listIds.length === 0 ? refused?.fields.listIds : null}
                className="min-w-60 flex-1"
              >
                <MultiCombobox
                  items={allLists.map((list) => ({ value: list.id, label: list.name }))}
                  value={listIds}
                  onValueChange={setListIds}
                  placeholder={t("listsPlaceholder")}
                />
              </Field>
              <ListDialog
                save={actions.createList}
                onSaved={(list) => {
                  setMadeLists((made) => [...made, list]);
                  setListIds((ids) => [...ids, list.id]);
                }}
                trigger={
                  <Button icon={<Plus aria-hidden="true" />} className="sm:mt-6.5">
                    {t("newList")}
                  </Button>
                }
              />
            </div>
            <Field
              label={t("basis")}
              hint={t("basisHint")}
              error={basis.trim().length < 10 ? refused?.fields.consentBasis : null}
            >
              <Textarea value={basis} onChange={(event) => setBasis(event.target.value)} rows={2} maxLength={500} />
            </Field>
            <div>
              <Checkbox label={t("confirm")} checked={confirmed} onCheckedChange={setConfirmed} />
              {refused?.fields.confirmed && !confirmed && (
                <p className="mt-1.5 text-sm font-medium text-danger-text" role="alert">
                  {refused.fields.confirmed}
                </p>
              )}
            </div>
          </FieldStack>
        </CardBody>
      </Card>
      <Card>
        <CardBody className="flex flex-col gap-4">
          <RadioGroup
            label={t("updateTitle")}
            items={(["overwrite", "fill", "keep"] as const).map((value) => ({
              value,
              label: t(`update.${value}`),
              hint: t(`updateHint.${value}`),
            }))}
            value={updateExisting}
            onValueChange={setUpdateExisting}
          />
          <p className="text-sm text-muted">{t("neverBack")}</p>
        </CardBody>
      </Card>
      {refused && (
        <Callout tone="danger" live>
          {refused.message}
        </Callout>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button type="submit" variant="primary" loading={pending}>
          {t("check")}
        </Button>
        <span className="text-sm text-muted">{t("checkHint")}</span>
      </div>
    </form>
  );
}
