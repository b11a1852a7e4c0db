"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { CopyField } from "#components/ui/copy-button.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import type { DomainRecord } from "#lib/senders/domains/records.ts";

interface RecordCardProps {
  record: DomainRecord;
  /** DNS is being asked right now. */
  checking: boolean;
}

/** One record: what it is for, what to enter, and what DNS says. */
export function RecordCard({ record, checking }: RecordCardProps) {
  const t = useTranslations("domains.records");
  const { note, purpose } = record;
  const isRight = note?.state === "ok";
  // A right record may be worded in another way than ours (DMARC, SPF): then what is there is what counts.
  const value = isRight ? (note.seen[0] ?? record.value) : record.value;
  // The policy of the domain above holds for this one as well: nothing stands, or has to stand, under this name.
  const inherited = note?.detail.inherited === 1;
  return (
    <Card data-record={purpose} data-state={note?.state ?? "unchecked"}>
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            {t(`${purpose}.title`)}
            <RecordState record={record} checking={checking} />
          </span>
        }
        description={t(`${purpose}.text`)}
      />
      <CardBody className="flex flex-col gap-4">
        {note && <Finding record={record} />}
        {value !== null && !inherited && (
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-2.5 text-sm">
            <Row label={t("type")}>
              <span className="block pt-2 font-mono text-xs leading-5">{record.type}</span>
            </Row>
            <Row label={t("name")}>
              <CopyField value={record.shortName} label={t("nameOf", { record: t(`${purpose}.title`) })} />
              <p className="mt-1 text-xs wrap-anywhere text-muted">{t("wholeName", { name: record.name })}</p>
            </Row>
            {record.priority !== null && (
              <Row label={t("priority")}>
                <span className="block pt-2 font-mono text-xs leading-5">{record.priority}</span>
              </Row>
            )}
            <Row label={t("value")}>
              <CopyField value={value} label={t("valueOf", { record: t(`${purpose}.title`) })} />
            </Row>
          </dl>
        )}
        {!isRight && record.zoneLine && <ZoneLine value={record.zoneLine} />}
      </CardBody>
    </Card>
  );
}

function ZoneLine({ value }: { value: string }) {
  const t = useTranslations("domains.records");
  const [open, setOpen] = useState(false);
  return (
    <details className="text-sm" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer rounded-sm text-muted hover:text-ink">{t("zoneLine")}</summary>
      {open && (
        <>
          <p className="mt-2 mb-1.5 max-w-prose text-muted">{t("zoneLineText")}</p>
          <CopyField value={value} label={t("zoneLine")} />
        </>
      )}
    </details>
  );
}

function Row({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="self-start pt-2 text-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

const tones: Record<"ok" | "missing" | "different" | "unknown", Tone> = {
  ok: "success",
  missing: "warning",
  different: "danger",
  unknown: "neutral",
};

function RecordState({ record: { note, purpose }, checking }: RecordCardProps) {
  const t = useTranslations("domains.records");
  if (checking)
    return (
      <Badge tone="info" dot="pulse">
        {t("checking")}
      </Badge>
    );
  if (!note) return <Badge>{t("states.unchecked")}</Badge>;
  if (purpose === "links" && note.state === "missing") return <Badge>{t("states.optional")}</Badge>;
  return (
    <Badge tone={note.goneAt ? "danger" : tones[note.state]} dot>
      {t(`states.${note.state}`)}
    </Badge>
  );
}

/** What DNS says, what it means, and what to do next. */
function Finding({ record }: { record: DomainRecord }) {
  const t = useTranslations("domains.findings");
  const { note } = record;
  if (!note) return null;
  const words = t.has(note.reason) ? t(note.reason, { ...note.detail, name: record.name }) : t("dns_away");
  const shown = note.state === "ok" && note.detail.inherited !== 1 ? note.seen.slice(1) : note.seen;
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p className="max-w-prose">
        {note.goneAt && (
          <strong className="font-semibold text-danger-text">
            {t.rich("gone", { when: () => <RelativeTime at={note.goneAt ?? ""} /> })}{" "}
          </strong>
        )}
        {words}
        {note.reason === "spf_no_sender" && (
          <>
            {" "}
            <Link href="/senders" className="link">
              {t("openSenders")}
            </Link>
          </>
        )}
      </p>
      {shown.length > 0 && (
        <div>
          <p className="text-xs text-muted">{t("seen")}</p>
          <ul className="mt-1 flex flex-col gap-1">
            {shown.map((text) => (
              <li key={text} className="rounded-md bg-sunken px-3 py-1.5 font-mono text-xs wrap-anywhere">
                {text}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
