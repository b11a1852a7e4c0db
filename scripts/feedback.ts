import { readFileSync } from "node:fs";
import { closeDb, db } from "#lib/db.ts";
import { isMail, mailsOfMbox, takeMail } from "#lib/feedback/take-mail.ts";
import { log } from "#lib/log.ts";
import { closeQueue } from "#lib/queue.ts";

/*
 * npm run feedback < mail: takes one mail that came back, for a pipe of a mail server. npm run feedback -- --mbox FILE:
 * all mails of a mailbox file. Exits with a code of sysexits.h, which mail servers understand: 0 taken (whatever it was),
 * 64 wrong arguments, 65 that is no mail, 75 try again later.
 */

const exit = { taken: 0, usage: 64, noMail: 65, tryAgain: 75 } as const;

/** The report stands at the front; behind it at most our own mail, which has less. */
const mostBytes = 4 * 1024 * 1024;

process.exitCode = await run(process.argv.slice(2)).catch((err) => {
  log.error({ err }, "a mail that came back could not be taken; it has to be handed over again");
  return exit.tryAgain;
});

async function run(args: readonly string[]): Promise<number> {
  const [option, file] = args;
  if (args.length !== 0 && !(option === "--mbox" && file !== undefined && args.length === 2)) {
    console.error("Usage: npm run feedback < mail\n       npm run feedback -- --mbox FILE");
    return exit.usage;
  }
  const mails = file === undefined ? [await readInput()] : mailsOfMbox(readFileSync(file));
  if (mails.length === 0 || !mails.some(isMail)) {
    console.error("That is no mail: it has no header.");
    return exit.noMail;
  }
  try {
    for (const mail of mails.filter(isMail)) {
      const { kind, outcome, detail } = await takeMail(db(), mail.subarray(0, mostBytes));
      console.log([kind, detail, outcome].filter((word, i, all) => word && all.indexOf(word) === i).join(" "));
    }
    return exit.taken;
  } finally {
    await closeQueue();
    await closeDb();
  }
}

/** Reads to the end: a mail server that cannot get rid of everything takes that for a failure. */
async function readInput(): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of process.stdin) {
    if (bytes < mostBytes) pieces.push(piece as Buffer);
    bytes += (piece as Buffer).length;
  }
  return Buffer.concat(pieces);
}
