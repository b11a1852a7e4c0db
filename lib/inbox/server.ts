import { eq } from "drizzle-orm";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { workspace } from "#drizzle/schema/auth.ts";
import type { Db } from "../db.ts";
import { groupCommit } from "../group-commit.ts";
import { log } from "../log.ts";
import { workspaceOfInboxLogin } from "../senders/inbox-credentials.ts";
import { type CaughtMail, storeMails } from "./store.ts";

/** Larger mails are refused with 552: no newsletter is, and the inbox holds a mail in memory until it is stored. */
export const mailMaxBytes = 10 * 1024 * 1024;

export interface InboxServer {
  port: number;
  /** Takes no more connections, lets running transactions end, resolves when everything caught is stored. */
  close(): Promise<void>;
}

interface InboxServerOptions {
  db: Db;
  host: string;
  /** 0 = any free port. */
  port: number;
  /** Mails kept per workspace. */
  keepMails: number;
}

/**
 * The built-in inbox: an SMTP server that keeps what it is given instead of passing it on. Everybody must log in with
 * the credentials of a workspace, so another program on this machine cannot fill it. A 250 is given after the commit;
 * mails that arrive together are stored together. Rejects when the port is taken.
 */
export async function startInboxServer({ db, host, port, keepMails }: InboxServerOptions): Promise<InboxServer> {
  const stored = groupCommit<CaughtMail, void>(
    async (mails) => {
      await storeMails(db, mails, keepMails);
      return mails.map(() => undefined);
    },
    { most: 16 * 1024 * 1024, weigh: (mail) => mail.raw.length + 50_000, waitMs: 5 },
  );

  const server = new SMTPServer({
    name: "posthorn-inbox",
    banner: "Posthorn test inbox: nothing leaves this machine",
    size: mailMaxBytes,
    rejectOversized: true,
    authMethods: ["PLAIN", "LOGIN"],
    authRequiredMessage: "Log in with the user name and password of a workspace's test inbox",
    // Loopback only, and there is no certificate to offer.
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    maxClients: 200,
    maxRecipients: 100,
    socketTimeout: 5 * 60_000,
    closeTimeout: 5_000,
    logger: false,
    onAuth(auth, _session, callback) {
      const claimed = workspaceOfInboxLogin(auth.username ?? "", auth.password ?? "");
      if (!claimed) return callback(refusal(535, "This is not the login of a test inbox"));
      workspaceExists(db, claimed).then(
        (exists) => (exists ? callback(null, { user: claimed }) : callback(refusal(535, "This workspace is gone"))),
        (error) => {
          log.warn({ err: error }, "the inbox could not check a login");
          callback(refusal(454, "Temporary failure, try again"));
        },
      );
    },
    onData(stream, session, callback) {
      receive(stream)
        .then(async (raw) => {
          // smtp-server answers 552 by itself.
          if (raw === null) return callback(null);
          await stored.add(caught(session, raw));
          callback(null, "Kept in the test inbox");
        })
        .catch((error: unknown) => {
          log.warn({ err: error }, "the inbox could not store a mail");
          callback(refusal(451, "Temporary failure, try again"));
        });
    },
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  // A client that hangs up in mid-command is reported here; without a listener it would end the process.
  server.on("error", (error: Error) => log.debug({ err: error }, "an inbox connection broke"));

  const address = server.server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    async close() {
      await new Promise<void>((resolve) => server.close(resolve));
      await stored.settled();
    },
  };
}

/** The whole mail, or null when it is over the limit: then nothing of it is kept in memory. */
async function receive(stream: SMTPServerDataStream): Promise<Buffer | null> {
  let parts: Buffer[] = [];
  for await (const part of stream as AsyncIterable<Buffer>) {
    if (stream.sizeExceeded) parts = [];
    else parts.push(part);
  }
  return stream.sizeExceeded ? null : Buffer.concat(parts);
}

function caught(session: SMTPServerSession, raw: Buffer): CaughtMail {
  const { mailFrom, rcptTo } = session.envelope;
  return {
    workspaceId: String(session.user),
    mailFrom: mailFrom ? mailFrom.address : "",
    rcptTo: rcptTo.map(({ address }) => address),
    raw,
  };
}

async function workspaceExists(db: Db, workspaceId: string): Promise<boolean> {
  const rows = await db.select({ id: workspace.id }).from(workspace).where(eq(workspace.id, workspaceId));
  return rows.length > 0;
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
