import { dial } from "./smtp-dial.ts";
import { NodemailerWire } from "./smtp-nodemailer-wire.ts";
import { PipeliningWire } from "./smtp-pipelining-wire.ts";
import { offers } from "./smtp-prepare.ts";
import type { Opened, SenderOptions } from "./transport.ts";

/**
 * Opens one connection, ready to send: connected, secured and logged in, or the outcome that says what stood in the
 * way. Makes one try and never throws for SMTP or network trouble; retrying is the schedule's business alone.
 * `signal` gives up while it is not open yet.
 */
export async function openConnection(options: SenderOptions, signal?: AbortSignal): Promise<Opened> {
  const dialled = await dial(options, signal);
  if (!dialled.ok) return { ok: false, outcome: dialled.outcome };
  const { session } = dialled;
  const connection = offers(session.server, "PIPELINING") ? new PipeliningWire(session) : new NodemailerWire(session);
  return { ok: true, connection };
}
