"use client";

import { Search, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { cn } from "./cn.ts";
import { controlHeight, controlStyles } from "./field-styles.ts";
import { Spinner } from "./spinner.tsx";

interface SearchInputProps {
  /** Its name, for screen readers: "Search subscribers". */
  label: string;
  value: string;
  onValueChange: (value: string) => void;
  placeholder?: string;
  /** Results are on their way. */
  pending?: boolean;
  className?: string;
}

/** Bare search box; `SearchFilter` is the one that lives in the address bar. Escape empties it. */
export function SearchInput({ label, value, onValueChange, placeholder, pending, className }: SearchInputProps) {
  const t = useTranslations("ui");
  const input = useRef<HTMLInputElement>(null);
  return (
    <span className={cn("relative flex min-w-0 items-center", className)}>
      <Search aria-hidden="true" className="pointer-events-none absolute left-3 size-4 text-muted" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        value={value}
        placeholder={placeholder ?? label}
        onChange={(event) => onValueChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) {
            event.preventDefault();
            onValueChange("");
          }
        }}
        className={cn(controlStyles, controlHeight, "pr-10 pl-9 [&::-webkit-search-cancel-button]:hidden")}
      />
      {pending ? (
        <Spinner className="absolute right-3 text-muted" />
      ) : (
        value && (
          <button
            type="button"
            aria-label={t("clear")}
            onClick={() => {
              onValueChange("");
              input.current?.focus();
            }}
            className="absolute inset-y-0 right-0 grid w-9 place-items-center rounded-md text-muted hover:text-ink max-sm:w-11"
          >
            <X aria-hidden="true" className="size-4" />
          </button>
        )
      )}
    </span>
  );
}
