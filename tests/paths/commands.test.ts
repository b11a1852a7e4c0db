import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = path.join(import.meta.dirname, "../..");
let folder: string;
const ends: (() => void | Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "posthorn-commands-"));
  // As root, the database belongs to another user, who has to get here.
  chmodSync(folder, 0o711);
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

test("a start with nothing at DATABASE_URL says where nothing answers, without the password", async () => {
  const port = await unusedPort();
  const { code, output } = await start({ DATABASE_URL: `postgres://anna:open-sesame@127.0.0.1:${port}/news` });
  expect(output).toContain(`nothing answers at 127.0.0.1:${port}`);
  expect(output).not.toContain("open-sesame");
  expect(output).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
});

test("a start says which host name is not known", async () => {
  const { code, output } = await start({ DATABASE_URL: "postgres://anna@no-such-host.invalid/news" });
  expect(output).toContain("the host “no-such-host.invalid” is not known");
  expect(code).toBe(1);
});

test("a start says when the server refuses the password", async () => {
  const url = new URL(process.env.TEST_DATABASE_URL as string);
  url.password = "wrong";
  const { code, output } = await start({ DATABASE_URL: url.href });
  expect(output).toContain(`refused the user “${url.username}”`);
  expect(code).toBe(1);
});

test("a start says when there is no such database", async () => {
  const url = new URL(process.env.TEST_DATABASE_URL as string);
  url.pathname = "/no_such_database";
  const { code, output } = await start({ DATABASE_URL: url.href });
  expect(output).toContain("there is no database “no_such_database”");
  expect(code).toBe(1);
});

test("a start says when DATABASE_URL is no address of a PostgreSQL database", async () => {
  const { code, output } = await start({ DATABASE_URL: "mysql://anna@localhost/news" });
  expect(output).toContain("DATABASE_URL is not an address of a PostgreSQL database");
  expect(code).toBe(1);
});

test("a server older than PostgreSQL 15 is refused with its version", async () => {
  const port = await oldServer();
  const { code, output } = await start({ DATABASE_URL: `postgres://anna@127.0.0.1:${port}/news` });
  expect(output).toContain(`PostgreSQL 15 or newer is needed, and the server at 127.0.0.1:${port} is PostgreSQL 14`);
  expect(code).toBe(1);
});

test("a taken port is named, with the way to another one", async () => {
  const port = await listen(net.createServer());
  const { code, output } = await start({ PORT: String(port) });
  expect(output).toContain(`Port ${port} is taken by another program.`);
  expect(output).toContain(`PORT=${port + 1} npm start`);
  expect(code).toBe(1);
});

test("a data folder that cannot be written is named", async () => {
  const file = path.join(folder, "a-file");
  writeFileSync(file, "");
  const { code, output } = await start({ POSTHORN_DATA_DIR: path.join(file, "data") });
  expect(output).toContain(`The data folder ${path.join(file, "data")} is not writable`);
  expect(output).toContain("POSTHORN_DATA_DIR=");
  expect(code).toBe(1);
});

test("a second start in the same folder says who is there, and a killed one does not block the next", async () => {
  const holder = await holdLock();
  const second = await start({ PORT: "0" });
  expect(second.output).toContain(`Posthorn is already running from this folder: npm start, process ${holder.pid}`);
  expect(second.code).toBe(1);

  holder.kill("SIGKILL");
  await once(holder, "exit");
  // It comes as far as its next refusal.
  const third = await start({ PORT: "0" });
  expect(third.output).toContain("PORT=0 is not a port number");
});

test("the embedded database of a killed command is taken over with its data, and ends with its owner", async () => {
  const first = embedded("await sql('create table kept (id int)')");
  await said(first, "ready");
  first.kill("SIGKILL");
  const second = embedded("await sql('select id from kept')");
  await said(second, "ready");
  const [pid] = /server (\d+)/.exec(second.text())?.slice(1) ?? [];
  second.kill("SIGKILL");
  await expect.poll(() => isAlive(Number(pid)), { timeout: 20_000 }).toBe(false);
}, 60_000);

function start(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  return run([path.join(root, "scripts/start.mjs")], env);
}

async function run(args: string[], env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = program(args, env);
  const [code] = await once(child, "close");
  return { code, output: child.text() };
}

interface Program extends ChildProcess {
  text(): string;
}

function program(args: string[], env: Record<string, string>): Program {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, npm_lifecycle_event: "", HOST: "", POSTHORN_DATA_DIR: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  ends.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  return Object.assign(child, { text: () => text });
}

async function said(child: Program, word: string): Promise<void> {
  await expect.poll(() => child.text(), { timeout: 30_000 }).toContain(word);
}

async function holdLock(): Promise<Program> {
  const lock = path.join(root, "scripts/setup/lock.mjs");
  const script = `import { lockDataFolder } from ${JSON.stringify(lock)};
    await lockDataFolder(${JSON.stringify(folder)}, "npm start");
    console.log("locked");
    setInterval(() => {}, 1000);`;
  const child = program(["--input-type=module", "--eval", script], {});
  await said(child, "locked");
  return child;
}

/** A process that starts the embedded database of the folder, runs a statement on it, and stays. */
function embedded(statement: string): Program {
  const script = `import { mkdirSync } from "node:fs";
    import pg from "pg";
    import { startEmbeddedDatabase } from ${JSON.stringify(path.join(root, "scripts/postgres/embedded.mjs"))};
    mkdirSync(${JSON.stringify(path.join(folder, "logs"))}, { recursive: true });
    const { url, running } = await startEmbeddedDatabase(${JSON.stringify(folder)}, () => {});
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const sql = (text) => client.query(text);
    ${statement};
    console.log("server " + running.pid);
    console.log("ready");
    client.on("error", () => {});
    setInterval(() => {}, 1000);`;
  return program(["--input-type=module", "--eval", script], {});
}

async function unusedPort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function listen(server: net.Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Speaks just enough of PostgreSQL's protocol to let anybody in and call itself version 14. */
function oldServer(): Promise<number> {
  const message = (type: string, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
  const int32 = (value: number): Buffer => Buffer.concat([int16(value >> 16), int16(value & 65_535)]);
  const text = (value: string): Buffer => Buffer.from(`${value}\0`);
  const idle = message("Z", Buffer.from("I"));
  const column = [text("server_version_num"), int32(0), int16(0), int32(25), int16(65_535), int32(-1), int16(0)];
  const answer = Buffer.concat([
    message("T", int16(1), ...column),
    message("D", int16(1), int32(6), Buffer.from("140012")),
    message("C", text("SHOW")),
    idle,
  ]);
  const server = net.createServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.concat([message("R", int32(0)), idle]));
      socket.on("data", (data) => {
        if (data.toString("latin1").startsWith("Q")) socket.write(answer);
      });
    });
    socket.on("error", () => {});
  });
  return listen(server);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
