import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { DateTime, RelativeTime } from "#components/ui/time.tsx";
import type { TimelineFeedback } from "#lib/reports/came-back.ts";
import type { MessageTimeline, TimelineAttempt, TimelineHit } from "#lib/reports/message-timeline.ts";
import { ReasonWords } from "./reason-words.tsx";
import { stateLooks } from "./state-looks.ts";

/** That a mail came back, as a pill beside its state. */
export function FeedbackBadge({ kind }: { kind: TimelineFeedback["kind"] }) {
  const t = useTranslations("timeline.feedback");
  return <Badge tone="danger">{t(kind)}</Badge>;
}

/** A state as a pill, the same as in the list of recipients. */
export function StateBadge({ state }: { state: string }) {
  const t = useTranslations("reports.states");
  const look = stateLooks.find((one) => one.state === state);
  return (
    <Badge tone={look?.tone} dot={state === "sending" ? "pulse" : undefined}>
      {t((look?.state ?? "pending") as "pending")}
    </Badge>
  );
}

/** Where a message stands and what comes next, in a sentence. */
export function MessageStanding({ message, actions }: { message: MessageTimeline; actions: ReactNode }) {
  const t = useTranslations("timeline");
  const when = () => <RelativeTime at={message.nextTryAt ?? ""} />;
  const next =
    message.state === "in_doubt" && !message.nextTryAt
      ? t("next.held")
      : message.nextTryAt
        ? t.rich(message.state === "in_doubt" ? "next.doubt" : "next.deferred", { when })
        : t(`next.${message.state === "deferred" || message.state === "in_doubt" ? "pending" : message.state}`);
  return (
    <Card>
      <CardHeader title={t("standing")} />
      <CardBody className="flex flex-col gap-3">
        <p className="flex flex-wrap items-center gap-2">
          <StateBadge state={message.state} />
          {message.cameBack.map(({ kind }) => (
            <FeedbackBadge key={kind} kind={kind} />
          ))}
          {message.reason && message.state !== "sent" && message.state !== "sending" && (
            <span className="text-sm">
              <ReasonWords reason={message.reason} />
            </span>
          )}
        </p>
        <p className="max-w-prose text-sm text-muted">{next}</p>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </CardBody>
    </Card>
  );
}

/** Every try, oldest first, with the server's words in full. */
export function AttemptList({ attempts }: { attempts: readonly TimelineAttempt[] }) {
  const t = useTranslations("timeline");
  return (
    <Card>
      <CardHeader title={t("tries")} description={t("triesHint")} />
      <CardBody>
        {attempts.length === 0 ? (
          <p className="text-sm text-muted">{t("noTries")}</p>
        ) : (
          <ol className="flex flex-col">
            {attempts.map((attempt) => (
              <Attempt key={attempt.n} attempt={attempt} />
            ))}
          </ol>
        )}
      </CardBody>
    </Card>
  );
}

function Attempt({ attempt }: { attempt: TimelineAttempt }) {
  const t = useTranslations("timeline");
  const byPerson = attempt.reason === "person" || attempt.reason === "given_up";
  const codes = [attempt.code, attempt.enhanced].filter(Boolean).join(" ");
  const facts: Array<[string, ReactNode]> = [];
  if (attempt.sender) facts.push([t("sender"), attempt.sender.isInbox ? t("testInbox") : attempt.sender.name]);
  if (attempt.phase) facts.push([t("phase"), <Phase key="phase" phase={attempt.phase} />]);
  if (codes)
    facts.push([
      t("code"),
      <span key="code" className="tabular">
        {codes}
      </span>,
    ]);
  if (attempt.nextTryAt)
    facts.push([
      attempt.state === "in_doubt" ? t("sentAgain") : t("nextTry"),
      <DateTime key="next" at={attempt.nextTryAt} />,
    ]);
  return (
    <li className="relative border-l-2 border-line pb-6 pl-5 last:pb-0">
      <span
        aria-hidden="true"
        className="absolute top-1.5 -left-1.75 size-3 rounded-full border-2 border-surface bg-field"
      />
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateBadge state={attempt.state} />
        <span className="font-medium">
          {byPerson
            ? t(`byPerson.${attempt.state === "sent" || attempt.state === "skipped" ? attempt.state : "deferred"}`)
            : attempt.reason && attempt.reason !== "sent" && <ReasonWords reason={attempt.reason} />}
        </span>
        <span className="text-sm text-muted">
          <DateTime at={attempt.settledAt ?? attempt.startedAt} shape="exact" />
        </span>
      </p>
      {facts.length > 0 && (
        <dl className="mt-2 flex flex-wrap gap-x-6 gap-y-1 text-sm">
          {facts.map(([name, value]) => (
            <div key={name} className="flex gap-1.5">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0 wrap-anywhere">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {attempt.reply && (
        <figure className="mt-2">
          <figcaption className="text-sm text-muted">{t(attempt.code === null ? "words" : "reply")}</figcaption>
          <pre className="mt-1 rounded-md bg-sunken px-3 py-2 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
            {attempt.reply}
          </pre>
        </figure>
      )}
    </li>
  );
}

function Phase({ phase }: { phase: string }) {
  const t = useTranslations("timeline.phases");
  return t.has(phase as "dot") ? t(phase as "dot") : phase;
}

/** What came back after a server had accepted the mail, in the report's words. */
export function FeedbackList({ feedback }: { feedback: readonly TimelineFeedback[] }) {
  const t = useTranslations("timeline");
  const tTypes = useTranslations("timeline.complaintTypes");
  return (
    <Card>
      <CardHeader title={t("cameBack")} description={t("cameBackHint")} />
      <CardBody>
        <ul className="flex flex-col gap-5">
          {feedback.map(({ kind, class: reason, enhanced, words, at }) => (
            <li key={kind}>
              <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <FeedbackBadge kind={kind} />
                <span className="font-medium">
                  {kind === "bounce" ? <ReasonWords reason={reason} /> : tTypes(reason as "abuse")}
                </span>
                <span className="text-sm text-muted">
                  <DateTime at={at} shape="exact" />
                </span>
              </p>
              {(words !== "" || enhanced) && (
                <figure className="mt-2">
                  <figcaption className="text-sm text-muted">{t("report")}</figcaption>
                  <pre className="mt-1 rounded-md bg-sunken px-3 py-2 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
                    {words || enhanced}
                  </pre>
                </figure>
              )}
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

/** What was seen of the reader, people and machines apart. */
export function HitList({ hits, more }: { hits: readonly TimelineHit[]; more: boolean }) {
  const t = useTranslations("timeline");
  return (
    <Card>
      <CardHeader title={t("hits")} description={t("hitsHint")} />
      <CardBody>
        {hits.length === 0 ? (
          <p className="text-sm text-muted">{t("noHits")}</p>
        ) : (
          <ul className="flex flex-col gap-3">
            {hits.map((hit, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a list that is only ever drawn whole
              <li key={i} className="text-sm">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <span className="font-medium">{t(`kinds.${hit.kind}`)}</span>
                  {hit.verdict === "machine" && <Badge>{t("machine")}</Badge>}
                  <span className="text-muted">
                    <DateTime at={hit.at} shape="minute" />
                  </span>
                </p>
                {hit.url && <p className="text-muted wrap-anywhere">{hit.url}</p>}
              </li>
            ))}
          </ul>
        )}
        {more && <p className="mt-3 text-sm text-muted">{t("moreHits", { count: hits.length })}</p>}
      </CardBody>
    </Card>
  );
}
