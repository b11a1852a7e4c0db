"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { UserRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { cn } from "#components/ui/cn.ts";
import { comboboxBoxStyles, comboboxInputStyles } from "#components/ui/combobox-parts.tsx";

export interface Person {
  id: string;
  email: string;
  name: string;
}

/** Whose data fills the mail: a made-up person, or any subscriber found by address or name. */
export function PersonPicker({
  value,
  onValueChange,
}: {
  value: Person | null;
  onValueChange: (person: Person | null) => void;
}) {
  const t = useTranslations("editor.person");
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<Person[]>([]);

  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const response = await fetch(`/api/campaigns/people?${new URLSearchParams({ q: query })}`, {
          signal: abort.signal,
        });
        if (response.ok) setFound(((await response.json()) as { people: Person[] }).people);
      } catch {
        // Typed on, or no line: the list stays.
      }
    }, 200);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query]);

  return (
    <Base.Root
      items={found}
      filter={null}
      value={value}
      onValueChange={(person: Person | null) => onValueChange(person)}
      onInputValueChange={setQuery}
      itemToStringLabel={(person: Person) => person.name || person.email}
      isItemEqualToValue={(a: Person, b: Person) => a.id === b.id}
    >
      <Base.InputGroup className={cn(comboboxBoxStyles, "h-8 w-full max-w-60 max-sm:h-10")}>
        <UserRound aria-hidden="true" className="ml-2.5 size-4 shrink-0 text-muted" />
        <Base.Input
          aria-label={t("label")}
          placeholder={t("sample")}
          className={cn(comboboxInputStyles, "h-full rounded-md px-2")}
        />
        {value && (
          <Base.Clear aria-label={t("clear")} className="px-2 text-sm text-muted hover:text-ink">
            ×
          </Base.Clear>
        )}
      </Base.InputGroup>
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-50 outline-none">
          <Base.Popup className="floating max-h-72 w-72 max-w-(--available-width) overflow-y-auto p-1">
            <Base.Empty className="px-3 py-2 text-sm text-muted empty:hidden">{t("none")}</Base.Empty>
            <Base.List>
              {(person: Person) => (
                <Base.Item
                  key={person.id}
                  value={person}
                  className="flex cursor-default flex-col rounded-md px-2.5 py-1.5 text-sm outline-none data-highlighted:bg-hover"
                >
                  <span className="truncate">{person.name || person.email}</span>
                  {person.name && <span className="truncate text-xs text-muted">{person.email}</span>}
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
