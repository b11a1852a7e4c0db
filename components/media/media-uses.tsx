"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import type { MediaUse } from "#lib/media/uses.ts";
import type { MediaActions } from "./media-actions.ts";

const words = { template: "usedTemplate", draft: "usedDraft", sent: "usedSent" } as const;
const tones = { template: "neutral", draft: "info", sent: "success" } as const;

/** The mails that show a picture, looked up when it is asked for. */
export function MediaUses({ id, load }: { id: string; load: MediaActions["uses"] }) {
  const t = useTranslations("media");
  const [uses, setUses] = useState<MediaUse[] | string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    load({ id }).then((answer) => isCurrent && setUses(answer.ok ? answer.data : answer.message));
    return () => {
      isCurrent = false;
    };
  }, [id, load]);
  return (
    <section className="flex flex-col gap-1.5 border-t border-line pt-4">
      <h3 className="text-sm font-medium">{t("usedIn")}</h3>
      {uses === null ? (
        <p className="text-sm text-muted">{t("usedLoading")}</p>
      ) : typeof uses === "string" ? (
        <p className="text-sm text-danger-text">{uses}</p>
      ) : uses.length === 0 ? (
        <p className="text-sm text-muted">{t("usedNowhere")}</p>
      ) : (
        <ul className="flex flex-col gap-1.5 text-sm">
          {uses.map((use) => (
            <li key={use.id} className="flex items-center gap-2">
              <Badge tone={tones[use.kind]}>{t(words[use.kind])}</Badge>
              <Link
                href={`/${use.kind === "template" ? "templates" : "campaigns"}/${use.id}`}
                className="link truncate"
              >
                {use.name}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
