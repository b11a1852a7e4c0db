"use client";

import { ListPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { MultiCombobox } from "#components/ui/multi-combobox.tsx";
import { AudienceCount } from "./audience-count.tsx";
import { useAudience } from "./use-audience.ts";

export interface AudienceList {
  id: string;
  name: string;
  subscribed: number;
}

interface AudienceFormProps {
  lists: readonly AudienceList[];
  include: readonly string[];
  exclude: readonly string[];
  onChange: (include: string[], exclude: string[]) => void;
}

/** Whom it goes to: lists to send to, lists to leave out, and how many people that is now. */
export function AudienceForm({ lists, include, exclude, onChange }: AudienceFormProps) {
  const t = useTranslations("campaigns.audience");
  const audience = useAudience(include, exclude);
  if (lists.length === 0) {
    return (
      <EmptyState
        icon={<ListPlus aria-hidden="true" />}
        title={t("noLists")}
        action={<ButtonLink href="/lists">{t("toLists")}</ButtonLink>}
      />
    );
  }
  const items = lists.map(({ id, name, subscribed }) => ({
    value: id,
    label: name,
    hint: t("subscribed", { count: subscribed }),
  }));
  return (
    <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="rounded-xl border border-line bg-surface p-4 shadow-xs sm:p-5">
        <FieldStack>
          <Field label={t("include")} hint={t("includeHint")}>
            <MultiCombobox
              items={items.filter((item) => !exclude.includes(item.value))}
              value={include}
              onValueChange={(next) => onChange(next, [...exclude])}
              placeholder={t("choose")}
            />
          </Field>
          <Field label={t("exclude")} hint={t("excludeHint")} optional>
            <MultiCombobox
              items={items.filter((item) => !include.includes(item.value))}
              value={exclude}
              onValueChange={(next) => onChange([...include], next)}
              placeholder={t("choose")}
            />
          </Field>
        </FieldStack>
      </div>
      <AudienceCount audience={audience} />
    </div>
  );
}
