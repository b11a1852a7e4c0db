import { classOfReply, type OutcomeClass } from "../delivery/outcome.ts";
import { type Fields, wordsOf } from "./report-fields.ts";

/** What a delivery status says: final failures only are bounces. A delay never is one. */
export type DeliveryStatus =
  | {
      kind: "bounce";
      class: OutcomeClass;
      enhanced: string | null;
      words: string;
      /** Addresses it names as the mailbox that failed, as they stand there; a forwarder's may be among them. */
      recipients: string[];
    }
  | { kind: "ignored"; why: "delayed" | "delivered" };

/**
 * Reads the blocks of a delivery status notification (RFC 3464): the first is about the message, the others about one
 * recipient each. Our mails have one recipient, so several come from an alias: its mildest failure counts then. Null when
 * nothing in it is about a recipient.
 */
export function readDeliveryStatus(blocks: readonly Fields[]): DeliveryStatus | null {
  const actions = blocks.flatMap((fields) => {
    const action = /^[a-z]+/.exec(fields.get("action")?.toLowerCase() ?? "")?.[0];
    return action ? [{ action, fields }] : [];
  });
  const failures = actions.filter(({ action }) => action === "failed").map(({ fields }) => failureOf(fields));
  const mildest = failures.find((failure) => failure.class !== "hard") ?? failures[0];
  if (mildest) return mildest;
  if (actions.some(({ action }) => action === "delayed")) return { kind: "ignored", why: "delayed" };
  return actions.length > 0 ? { kind: "ignored", why: "delivered" } : null;
}

function failureOf(fields: Fields): Extract<DeliveryStatus, { kind: "bounce" }> {
  // "smtp; 550 5.1.1 <ann@example.com> User unknown": the type says whose words they are (RFC 3464 2.3.6).
  const text = (fields.get("diagnostic-code") ?? "").replace(/^\s*[a-z0-9-]+\s*;\s*/i, "");
  const [, code, said] = /^([45]\d\d)(?:[ -]+#?([45]\.\d{1,3}\.\d{1,3})(?!\d))?/.exec(text) ?? [];
  const status = /^[45]\.\d{1,3}\.\d{1,3}(?!\d)/.exec(fields.get("status") ?? "")?.[0];
  const enhanced = said ?? status;
  const words = wordsOf(text);
  return {
    kind: "bounce",
    class: classOfReply({ code: Number(code ?? 0), ...(enhanced !== undefined && { enhanced }), text: words }),
    enhanced: enhanced ?? null,
    words,
    recipients: ["final-recipient", "original-recipient"].flatMap((name) => {
      const named = /^\s*[a-z0-9-]+\s*;\s*<?([^<>\s]+)>?\s*$/i.exec(fields.get(name) ?? "")?.[1];
      return named === undefined ? [] : [named];
    }),
  };
}
