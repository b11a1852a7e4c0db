import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import SMTPConnection from "nodemailer/lib/smtp-connection/index.js";
import type pg from "pg";
import { launch } from "#lib/campaigns/launch.ts";
import { addDomain, setSigning } from "#lib/senders/domains/save.ts";
import { makeDraft, makeList, makeWorkspace, useTestDatabase } from "#tests/support/campaign-fixtures.ts";
import { startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import { findPostfixTools, type PostfixTools } from "#tests/support/postfix-tools.ts";

/*
 * npm run bench -- send [recipients] [workers]: a whole campaign through real worker processes to a sink on loopback.
 * 16 KB mails with 10 tracked links, a pixel and 3 merge fields, over 10 connections in all. The yardstick is the
 * ratio, in the same run, to what smtp-source alone reaches against the same sink with as many (or a bare nodemailer
 * connection loop where postfix cannot be had).
 *   --rtt 30    puts 30 ms of round trip between the workers and the sink
 *   --dkim      signs with RSA-2048
 *   --rate 50   gives the sender a limit per second, and says how near to it the middle of the run came
 */

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { rtt: { type: "string" }, rate: { type: "string" }, dkim: { type: "boolean" } },
});
const recipients = Number(positionals[0] ?? 100_000);
const workers = Number(positionals[1] ?? 1);
/** Milliseconds to the server and back, by a proxy that holds everything up. */
const roundTripMs = Number(flags.rtt ?? 0);
/** The sender's limit per second, over all workers; 0 = none. */
const ratePerSecond = Number(flags.rate ?? 0);
const connections = 10;
const bytes = 16_384;
const root = path.join(import.meta.dirname, "../..");

process.env.CAMPAIGN_UNDO_SECONDS = "0";
process.env.PUBLIC_URL = "https://news.example.com";
process.env.LOG_LEVEL ??= "warn";

const database = await useTestDatabase();
const children: ChildProcess[] = [];
try {
  await run();
} finally {
  for (const child of children) child.kill("SIGTERM");
  await Promise.all(
    children.map((child) => (child.exitCode === null && child.signalCode === null ? once(child, "exit") : null)),
  );
  await database.close();
}

async function run(): Promise<void> {
  const tools = findPostfixTools();
  const sink = await startSink(tools);
  console.log(
    `sink: ${sink.name}; ${recipients} recipients, ${workers} worker process(es), ${connections} connections each`,
  );
  const before = await sourceRate(tools, sink.port);

  const { db, pool } = database;
  const scope = await makeWorkspace(pool);
  const listId = await makeList(pool, scope, recipients);
  await pool.query(
    "update subscriber set first_name = 'Ann', last_name = 'Lee', fields = '{\"city\":\"Hamburg\"}' where workspace_id = $1",
    [scope.workspaceId],
  );
  await pool.query(
    `insert into sender (workspace_id, name, kind, host, port, tls_mode, connections, messages_per_connection, is_default, rate_per_second)
     values ($1, 'sink', 'smtp', '127.0.0.1', $2, 'none', $3, 1000, true, nullif($4::int, 0))`,
    [
      scope.workspaceId,
      roundTripMs > 0 ? await startDelay(sink.port, roundTripMs / 2) : sink.port,
      connections,
      ratePerSecond,
    ],
  );
  if (flags.dkim) {
    const domainId = await addDomain(db, scope, { domain: "example.com" });
    await setSigning(db, scope, { domainId, on: true });
  }
  await pool.query("vacuum analyze");
  const draft = await makeDraft(db, scope, listId, {
    subject: "Hello {{ subscriber.first_name }}",
    content: { kind: "mjml", v: 1, source: newsletter() },
  });
  const processes = await Promise.all(Array.from({ length: workers }, startWorker));
  const launched = performance.now();
  await launch(db, scope, {
    campaignId: draft.id,
    version: draft.version,
    when: { kind: "now" },
    confirmedCount: recipients,
    acceptPlainHttp: true,
  });

  const postgres = postgresPids(pool);
  await waitFor(async () => (await statusOf(draft.id)) !== "scheduled" && (await statusOf(draft.id)) !== "freezing");
  const cpuBefore = {
    workers: processes.map((p) => cpuSeconds(p.pid ?? 0)),
    postgres: await cpuOf(postgres),
    sink: cpuSeconds(sink.pid),
  };
  const started = performance.now();
  const watch = watchSending(draft.id, processes, started);
  await waitFor(async () => (await statusOf(draft.id)) === "finished");
  const seconds = (performance.now() - started) / 1000;
  const seen = await watch.stop();
  const cpu = {
    worker: processes.reduce((sum, p, i) => sum + cpuSeconds(p.pid ?? 0) - (cpuBefore.workers[i] ?? 0), 0),
    postgres: (await cpuOf(postgres)) - cpuBefore.postgres,
    sink: cpuSeconds(sink.pid) - cpuBefore.sink,
  };
  const { rows } = await pool.query(
    "select sum(sent)::int as sent, sum(total)::int as total from chunk where source_id = $1",
    [draft.id],
  );
  const after = await sourceRate(tools, sink.port);
  const rate = recipients / seconds;
  console.log(`sent ${rows[0].sent} of ${rows[0].total} in ${seconds.toFixed(1)} s`);
  console.log(`messages/s            ${rate.toFixed(0)}`);
  console.log(`CPU ms per message    worker ${ms(cpu.worker)}  postgres ${ms(cpu.postgres)}  sink ${ms(cpu.sink)}`);
  console.log(`peak memory           ${seen.peakMegabytes.toFixed(0)} MB (sum of PSS of all workers)`);
  console.log(
    `first message out     ${((seen.firstAt - launched) / 1000).toFixed(1)} s after the launch, frozen after ${((started - launched) / 1000).toFixed(1)} s`,
  );
  console.log(`rate by tenths        ${seen.tenths.map((n) => n.toFixed(0)).join(" ")}`);
  console.log(`disk per message      ${await bytesPerMessage()}`);
  if (ratePerSecond > 0) {
    const middle = seen.tenths.slice(1, -1);
    const reached = sum(middle) / middle.length;
    console.log(
      `limit ${ratePerSecond}/s        held at ${reached.toFixed(2)}/s, ${percent(reached / ratePerSecond - 1)}`,
    );
    return;
  }
  if (roundTripMs > 0) return;
  const yardsticks = [
    { name: tools ? "smtp-source" : "a bare nodemailer loop", reached: (before.plain + after.plain) / 2 },
    ...(tools ? [{ name: "smtp-source -d (connections kept)", reached: (before.kept + after.kept) / 2 }] : []),
  ];
  for (const { name, reached } of yardsticks) {
    console.log(`ratio ${(rate / reached).toFixed(2)} to ${name}, ${reached.toFixed(0)} messages/s`);
  }
}

/** With indexes, of the month that this run filled. */
async function bytesPerMessage(): Promise<string> {
  const { rows } = await database.pool.query(
    `select relid::regclass::text as name, pg_total_relation_size(relid) as bytes
     from pg_partition_tree('message') where isleaf union all
     select relid::regclass::text, pg_total_relation_size(relid) from pg_partition_tree('attempt') where isleaf`,
  );
  const of = (table: string) =>
    sum(rows.filter((row) => row.name.startsWith(table)).map((row) => Number(row.bytes))) / recipients;
  return `message ${of("message").toFixed(0)} B, attempt ${of("attempt").toFixed(0)} B`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A way to the sink on which everything takes so long, in each direction. */
async function startDelay(port: number, milliseconds: number): Promise<number> {
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port, host: "127.0.0.1", noDelay: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (chunk) => setTimeout(() => to.write(chunk), milliseconds));
      from.on("end", () => setTimeout(() => to.end(), milliseconds));
      from.on("error", () => to.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return (server.address() as { port: number }).port;
}

function ms(seconds: number): string {
  return ((seconds * 1000) / recipients).toFixed(3);
}

/** 16 KB when compiled: ten links, three merge fields, footer. */
function newsletter(): string {
  const links = Array.from(
    { length: 9 },
    (_, i) =>
      `<mj-text>Read <a href="https://example.com/story/${i}">story ${i}</a> about the sea and the ships that sail on it, from the harbour to the far islands.</mj-text>`,
  );
  const mjml = (filler: string) => `<mjml><mj-body><mj-section><mj-column>
    <mj-text>Hello {{ subscriber.first_name | default: "there" }} {{ subscriber.last_name }} in {{ subscriber.city }},</mj-text>
    ${links.join("\n")}<mj-button href="https://example.com/shop">To the shop</mj-button>
    <mj-text>${filler}</mj-text>
    <mj-text>{{ workspace.postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>
  </mj-column></mj-section></mj-body></mjml>`;
  // Text counts twice (HTML and text part); what MJML itself brings is about 10 KB.
  return mjml("The tide comes in and the tide goes out. ".repeat(25));
}

async function startSink(tools: PostfixTools | null): Promise<{ name: string; port: number; pid: number }> {
  if (!tools) {
    const journal = await startJournalSmtp();
    return { name: "our own", port: journal.port, pid: 0 };
  }
  const port = await freePort();
  const child = spawn(
    tools.sink,
    [...(process.getuid?.() === 0 ? ["-u", "nobody"] : []), `127.0.0.1:${port}`, "1000"],
    { env: tools.env, stdio: "ignore" },
  );
  children.push(child);
  child.once("exit", (code) => {
    if (code) throw new Error(`smtp-sink ended with ${code}`);
  });
  await waitFor(() => canConnect(port));
  return { name: "smtp-sink", port, pid: child.pid ?? 0 };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/**
 * What a sender that does nothing else reaches against the same sink, with as many connections: smtp-source as it is
 * (a connection a message), and with its connections kept open.
 */
async function sourceRate(tools: PostfixTools | null, port: number): Promise<{ plain: number; kept: number }> {
  const count = Math.min(recipients, 20_000);
  const timed = async (send: () => Promise<unknown>) => {
    const started = performance.now();
    await send();
    return count / ((performance.now() - started) / 1000);
  };
  if (!tools) {
    const rate = await timed(() =>
      Promise.all(Array.from({ length: connections }, () => bareLoop(port, Math.ceil(count / connections)))),
    );
    return { plain: rate, kept: rate };
  }
  const load = ["-s", String(connections), "-m", String(count), "-l", String(bytes)];
  const envelope = ["-f", "a@example.com", "-t", "b@example.com"];
  const source = (more: string[]) => {
    const args = [...load, ...envelope, ...more, `127.0.0.1:${port}`];
    return once(spawn(tools.source, args, { env: tools.env, stdio: "ignore" }), "exit");
  };
  return { plain: await timed(() => source([])), kept: await timed(() => source(["-d"])) };
}

async function bareLoop(port: number, count: number): Promise<void> {
  const connection = new SMTPConnection({ host: "127.0.0.1", port, ignoreTLS: true });
  await new Promise<void>((resolve) => connection.connect(() => resolve()));
  const message = `Subject: x\r\n\r\n${"The tide comes in and the tide goes out, and in.\r\n".repeat(bytes / 50)}`;
  for (let i = 0; i < count; i++) {
    await new Promise<void>((resolve, reject) =>
      connection.send({ from: "a@example.com", to: ["b@example.com"] }, message, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
  }
  connection.quit();
}

async function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path.join(root, "workers/index.ts")], {
    env: process.env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  children.push(child);
  await once(child, "message");
  return child;
}

async function statusOf(campaignId: string): Promise<string> {
  const { rows } = await database.pool.query("select status from campaign where id = $1", [campaignId]);
  return rows[0]?.status;
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 600_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("waited ten minutes for nothing");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** The postmaster and everything it started. */
async function postgresPids(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query("select pg_backend_pid() as pid");
  return Number(readFileSync(`/proc/${rows[0].pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1]);
}

async function cpuOf(postmaster: Promise<number>): Promise<number> {
  const parent = await postmaster;
  let seconds = cpuSeconds(parent);
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (Number(readFileSync(`/proc/${entry}/stat`, "utf8").split(") ")[1]?.split(" ")[1]) === parent)
        seconds += cpuSeconds(Number(entry));
    } catch {
      // Ended meanwhile.
    }
  }
  return seconds;
}

/** User and system time of one process (and of its ended children), in seconds. */
function cpuSeconds(pid: number): number {
  if (pid === 0) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** Looks on while it is sent: memory once a second, and when each tenth was reached. */
function watchSending(campaignId: string, processes: ChildProcess[], started: number) {
  let over = false;
  let peak = 0;
  let firstAt = Number.NaN;
  const reached: Array<{ at: number; sent: number }> = [{ at: started, sent: 0 }];
  const looking = (async () => {
    for (let turn = 0; !over; turn++) {
      const { rows } = await database.pool.query(
        "select coalesce(sum(sent), 0)::int as sent from chunk where source_id = $1",
        [campaignId],
      );
      const { sent } = rows[0];
      const at = performance.now();
      if (sent > 0 && Number.isNaN(firstAt)) firstAt = at;
      if (sent >= (recipients * reached.length) / 10) reached.push({ at, sent });
      if (turn % 10 === 0) peak = Math.max(peak, sum(processes.map((p) => pssMegabytes(p.pid ?? 0))));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    async stop() {
      over = true;
      await looking;
      const tenths = reached.slice(1).map((now, i) => {
        const before = reached[i] ?? now;
        return ((now.sent - before.sent) * 1000) / (now.at - before.at);
      });
      return { peakMegabytes: peak, firstAt, tenths };
    },
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

/** What a process has of the memory, with its share of what it has together with others. */
function pssMegabytes(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0) / 1024;
}
