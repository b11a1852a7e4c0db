import { config } from "#lib/config.ts";
import { closeDb, db } from "#lib/db.ts";
import { type InboxServer, startInboxServer } from "#lib/inbox/server.ts";
import { log } from "#lib/log.ts";

/*
 * The inbox process: an SMTP server on loopback whose mails are read in the console. SIGTERM stops taking mails, stores
 * what has been taken, and exits.
 */

const { INBOX_SMTP_HOST: host, INBOX_SMTP_PORT: port, INBOX_KEEP_MAILS: keepMails } = config();

let inbox: InboxServer;
try {
  inbox = await startInboxServer({ db: db(), host, port, keepMails });
} catch (error) {
  if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
    log.fatal(`Port ${port} on ${host} is taken by another program. Set INBOX_SMTP_PORT to a free one.`);
  } else {
    log.fatal({ err: error }, "the test inbox could not start");
  }
  process.exit(1);
}
log.info({ host, port: inbox.port }, "the test inbox is ready");
process.send?.({ ready: true });

let stopped = false;
async function stop(): Promise<void> {
  if (stopped) return;
  stopped = true;
  await inbox.close();
  await closeDb();
  process.exit(0);
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
// The supervisor died without a word: nobody would ever stop this process.
process.on("disconnect", stop);
