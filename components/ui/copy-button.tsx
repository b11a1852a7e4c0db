"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { copyText } from "./copy-text.ts";
import { IconButton } from "./icon-button.tsx";
import { notify } from "./notify.ts";

interface CopyButtonProps {
  value: string;
  /** With a label it is a button with words, else an icon with a tooltip. */
  label?: string;
  /** What is copied, for an icon that stands beside others of its kind. */
  what?: string;
}

export function CopyButton({ value, label, what }: CopyButtonProps) {
  const t = useTranslations("ui");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    if (await copyText(value)) setCopied(true);
    else notify.error(t("copyFailed"));
  }

  const icon = copied ? <Check aria-hidden="true" className="text-success-text" /> : <Copy aria-hidden="true" />;
  return (
    <>
      {label ? (
        <Button size="sm" icon={icon} onClick={copy}>
          {copied ? t("copied") : label}
        </Button>
      ) : (
        <IconButton size="sm" label={copied ? t("copied") : what ? t("copyWhat", { what }) : t("copy")} onClick={copy}>
          {icon}
        </IconButton>
      )}
      <span role="status" className="sr-only">
        {copied ? t("copied") : ""}
      </span>
    </>
  );
}

/** A value to be carried elsewhere (a DNS record, a key) with its copy button. */
export function CopyField({ value, label }: { value: string; label: string }) {
  return (
    <div className="flex min-w-0 items-center gap-1 rounded-md border border-line bg-sunken py-0.5 pr-0.5 pl-3">
      <input
        readOnly
        aria-label={label}
        value={value}
        onFocus={(event) => event.target.select()}
        className="h-8 min-w-0 flex-1 rounded-sm bg-transparent font-mono text-xs max-sm:h-10"
      />
      <CopyButton value={value} what={label} />
    </div>
  );
}
