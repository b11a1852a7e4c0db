"use client";

import { CircleAlert, CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type SubmitEvent, useState, useTransition } from "react";
import { type Person, PersonPicker } from "#components/editor/person-picker.tsx";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";

export interface TestSendResult {
  sender: string;
  isInbox: boolean;
  results: Array<{ email: string; accepted: boolean; words: string; advice: string | null }>;
}

interface TestSendDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  userEmail: string;
  send: (to: string[], subscriberId: string | null) => Promise<ActionResult<TestSendResult>>;
}

/** The real mail to a few addresses, filled with anybody's data, with the server's answer for each. */
export function TestSendDialog({ open, onOpenChange, userEmail, send }: TestSendDialogProps) {
  const t = useTranslations("campaigns.test");
  const tInbox = useTranslations("campaigns.delivery");
  const tUi = useTranslations("ui");
  const [to, setTo] = useState(userEmail);
  const [person, setPerson] = useState<Person | null>(null);
  const [answer, setAnswer] = useState<ActionResult<TestSendResult> | null>(null);
  const [pending, startTransition] = useTransition();

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const addresses = to
      .split(/[\s,;]+/)
      .map((address) => address.trim())
      .filter((address) => address !== "");
    startTransition(async () => setAnswer(await send(addresses, person?.id ?? null)));
  }

  return (
    <Dialog
      title={t("title")}
      description={t("description")}
      open={open}
      onOpenChange={(next) => {
        if (!next) setAnswer(null);
        onOpenChange(next);
      }}
    >
      <form onSubmit={submit}>
        <FieldStack>
          <Field label={t("to")} hint={t("toHint")}>
            <Input value={to} required onChange={(event) => setTo(event.target.value)} autoComplete="off" />
          </Field>
          <div className="flex flex-col gap-1.5">
            <p className="text-sm font-medium">{t("as")}</p>
            <PersonPicker value={person} onValueChange={setPerson} />
          </div>
          {answer && !answer.ok && (
            <Callout tone="danger" live>
              {answer.message}
            </Callout>
          )}
          {answer?.ok && (
            <div role="status" className="flex flex-col gap-3">
              <ul className="flex flex-col gap-2 text-sm">
                {answer.data.results.map((result) => (
                  <li key={result.email} className="flex gap-2">
                    {result.accepted ? (
                      <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-success-text" />
                    ) : (
                      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-danger-text" />
                    )}
                    <span className="min-w-0">
                      <span className="block">
                        {t(result.accepted ? "accepted" : "refused", {
                          email: result.email,
                          sender: answer.data.isInbox ? tInbox("inbox") : answer.data.sender,
                        })}
                      </span>
                      {result.words && <code className="block text-xs break-words text-muted">{result.words}</code>}
                      {result.advice && <span className="block">{result.advice}</span>}
                    </span>
                  </li>
                ))}
              </ul>
              {answer.data.isInbox && answer.data.results.some((result) => result.accepted) && (
                <p className="text-sm">
                  <Link href="/inbox" className="link">
                    {t("toInbox")}
                  </Link>
                </p>
              )}
            </div>
          )}
        </FieldStack>
        <DialogFooter>
          <DialogClose render={<Button>{tUi("close")}</Button>} />
          <Button type="submit" variant="primary" loading={pending}>
            {t("send")}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
