import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import os from "node:os";
import { parseArgs } from "node:util";
import { encodeQuotedPrintable } from "#lib/content/quoted-printable.ts";
import { createDkimSigner, type DkimKey } from "#lib/delivery/dkim.ts";

/*
 * npm run bench -- dkim [--seconds 5] [--processes 2] [--in-flight 16]: how many mails of 16 KB are signed a second, by
 * one process and by several at once, and what it costs each process's main thread. Nothing is sent.
 */

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    processes: { type: "string", default: "2" },
    "in-flight": { type: "string", default: "16" },
    child: { type: "string" },
  },
});
const seconds = Number(values.seconds);
const inFlight = Number(values["in-flight"]);

type Kind = "rsa" | "ed25519" | "both" | "none";
interface Result {
  perSecond: number;
  mainThreadMs: number;
  allThreadsMs: number;
}

if (values.child) {
  process.send?.(await measure(values.child as Kind));
} else {
  console.log(
    `16 KB bodies, ${os.cpus().length} cores, ${inFlight} in flight a process, UV_THREADPOOL_SIZE ${process.env.UV_THREADPOOL_SIZE ?? "4 (default)"}`,
  );
  console.log("keys      processes   signed mails/s   main thread ms/mail   all threads ms/mail");
  for (const kind of ["rsa", "ed25519", "both"] as const) {
    for (const processes of new Set([1, Number(values.processes)])) {
      const results = await Promise.all(Array.from({ length: processes }, () => runChild(kind)));
      const average = (of: (result: Result) => number) =>
        (results.reduce((sum, result) => sum + of(result), 0) / results.length).toFixed(3);
      const total = Math.round(results.reduce((sum, result) => sum + result.perSecond, 0));
      console.log(
        kind.padEnd(10) +
          String(processes).padEnd(12) +
          total.toLocaleString("en").padEnd(17) +
          average((result) => result.mainThreadMs).padEnd(22) +
          average((result) => result.allThreadsMs),
      );
    }
  }
}

async function runChild(kind: Kind): Promise<Result> {
  const child = spawn(
    process.execPath,
    [import.meta.filename, "--child", kind, "--seconds", String(seconds), "--in-flight", String(inFlight)],
    { stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
  const [result] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("a signing process ended early"))),
  ]);
  return result as Result;
}

async function measure(kind: Kind): Promise<Result> {
  const signer = createDkimSigner(keysOf(kind));
  const mails = Array.from({ length: 50 }, (_, index) => makeMail(index));
  const run = async (milliseconds: number): Promise<number> => {
    const end = performance.now() + milliseconds;
    let count = 0;
    const lane = async () => {
      while (performance.now() < end) {
        const mail = mails[count++ % mails.length] as { head: string; body: string };
        await signer.sign(mail.head, mail.body);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    return count;
  };
  await run(500);
  const before = { at: performance.now(), all: process.cpuUsage(), main: process.threadCpuUsage() };
  const count = await run(seconds * 1000);
  const took = performance.now() - before.at;
  const all = process.cpuUsage(before.all);
  const main = process.threadCpuUsage(before.main);
  return {
    perSecond: (count / took) * 1000,
    mainThreadMs: (main.user + main.system) / 1000 / count,
    allThreadsMs: (all.user + all.system) / 1000 / count,
  };
}

function keysOf(kind: Kind): DkimKey[] {
  const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ed25519 = () => generateKeyPairSync("ed25519").privateKey;
  const keys: DkimKey[] = [];
  if (kind !== "ed25519") keys.push({ domain: "news.example.com", selector: "ph1", privateKey: rsa() });
  if (kind !== "rsa") keys.push({ domain: "news.example.com", selector: "ph1-ed", privateKey: ed25519() });
  return keys;
}

/** About what a newsletter is: indented HTML, quoted-printable, 16 KB. */
function makeMail(index: number): { head: string; body: string } {
  const row = (n: number) =>
    `          <tr>\n            <td align="left" style="padding:10px 25px;">\n              Überschrift ${n}: what is new for reader ${index}\n            </td>\n          </tr>\n`;
  let html = "";
  for (let n = 0; html.length < 13_300; n++) html += row(n);
  const body = `--b1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${encodeQuotedPrintable(html)}\r\n--b1--\r\n`;
  const head =
    'From: "Acme Coffee" <news@news.example.com>\r\nReply-To: hello@example.com\r\n' +
    "List-Id: Acme <0190a0b0-1111-7222-8333-444455556666.news.example.com>\r\nFeedback-ID: a:b:campaign:posthorn\r\n" +
    `To: reader${index}@example.org\r\nSubject: What is new this spring, in all our shops\r\n` +
    "Date: Wed, 25 Nov 2026 03:30:00 +0000\r\nMessage-ID: <0190a0b0-1111-7222-8333-444455556666@news.example.com>\r\n" +
    `List-Unsubscribe: <https://news.example.com/u/${"x".repeat(90)}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n` +
    'Precedence: bulk\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b1"\r\n\r\n';
  return { head, body };
}
