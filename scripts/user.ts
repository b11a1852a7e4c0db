import { createInterface } from "node:readline/promises";
import { passwordMaxLength, passwordMinLength } from "#lib/auth/input.ts";
import { resetPassword } from "#lib/auth/passwords.ts";
import { closeDb, db } from "#lib/db.ts";
import { NotFound } from "#lib/errors.ts";

/*
 * npm run user -- reset <e-mail>: sets a new password for somebody who lost theirs. The password is read from the
 * terminal without an echo, or from standard input in a pipe; never from the arguments, where others could see it.
 */

const [command, email] = process.argv.slice(2);

if (command !== "reset" || !email) {
  console.error("Usage: npm run user -- reset <e-mail>");
  process.exit(2);
}

const password = await readPassword();
if (password.length < passwordMinLength || password.length > passwordMaxLength) {
  console.error(`The password needs ${passwordMinLength} to ${passwordMaxLength} characters. Nothing was changed.`);
  process.exit(2);
}

try {
  await resetPassword(db(), email, password);
  console.log(`The password of ${email} is changed, and all sessions of this account have ended.`);
} catch (error) {
  if (!(error instanceof NotFound)) throw error;
  console.error(`Nobody logs in with ${email}. Nothing was changed.`);
  process.exitCode = 1;
} finally {
  await closeDb();
}

async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    const lines = createInterface({ input: process.stdin });
    for await (const line of lines) return line;
    return "";
  }
  process.stdout.write(`New password for ${email} (at least ${passwordMinLength} characters, not shown): `);
  return new Promise((resolve) => {
    let typed = "";
    process.stdin.setRawMode(true);
    process.stdin.setEncoding("utf8");
    process.stdin.on("data", (text: string) => {
      for (const character of text) {
        if (character === "\r" || character === "\n") {
          process.stdin.setRawMode(false);
          process.stdin.pause();
          process.stdout.write("\n");
          return resolve(typed);
        }
        if (character === "\u0003") process.exit(130);
        typed = character === "\u007f" ? typed.slice(0, -1) : typed + character;
      }
    });
  });
}
