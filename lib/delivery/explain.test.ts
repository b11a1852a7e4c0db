import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import type { Rule } from "#tests/support/journal-smtp-rules.ts";
import { testConnection } from "./explain.ts";
import type { SenderOptions } from "./transport.ts";

const servers: JournalSmtp[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

type Case = {
  flags?: string[];
  rules?: Rule[];
  options?: Partial<SenderOptions>;
  trial?: boolean;
  trust?: boolean;
};

async function run({ flags = [], rules = [], options = {}, trial = false, trust = false }: Case) {
  const server = await startJournalSmtp({ flags, rules });
  servers.push(server);
  const result = await testConnection(
    {
      host: "localhost",
      port: server.port,
      tlsMode: "none",
      verifyCertificate: true,
      login: null,
      timeouts: { greeting: 300, command: 500 },
      ...(trust && server.certificate ? { authorities: server.certificate } : {}),
      ...options,
    },
    trial ? { from: "news@from.test", to: "ann@to.test" } : null,
  );
  const failed = result.steps.filter((step) => !step.ok);
  return { ...result, failed, code: result.advice[0]?.code, server };
}

const login = { username: "user", password: "right" };
const wrong = { username: "user", password: "wrong" };

test("all is well: every step is shown and nothing is sent", async () => {
  const { ok, steps, advice, server } = await run({
    flags: ["--tls", "starttls", "--auth", "user:right"],
    options: { tlsMode: "starttls", login },
    trust: true,
    trial: true,
  });
  expect({ ok, advice }).toEqual({ ok: true, advice: [] });
  expect(steps.map((step) => step.step)).toEqual(["dns", "connect", "greeting", "ehlo", "tls", "auth", "mail", "rcpt"]);
  expect(await server.accepted()).toEqual([]);
});

const cases: [string, string, Case][] = [
  ["certificate_self_signed", "tls", { flags: ["--tls", "starttls"], options: { tlsMode: "starttls" } }],
  ["certificate_self_signed", "tls", { flags: ["--tls", "implicit"], options: { tlsMode: "implicit" } }],
  [
    "certificate_name",
    "tls",
    {
      flags: ["--tls", "implicit", "--certificate-name", "mail.other.test"],
      options: { tlsMode: "implicit" },
      trust: true,
    },
  ],
  [
    "certificate_expired",
    "tls",
    { flags: ["--tls", "starttls", "--certificate-expired"], options: { tlsMode: "starttls" }, trust: true },
  ],
  ["use_starttls", "tls", { options: { tlsMode: "implicit" } }],
  ["use_implicit_tls", "greeting", { flags: ["--tls", "implicit"], options: { tlsMode: "none" } }],
  ["starttls_not_offered", "tls", { options: { tlsMode: "starttls" } }],
  ["login_failed", "auth", { flags: ["--auth", "user:right"], options: { login: wrong } }],
  ["nothing_offered", "auth", { options: { login } }],
  ["nothing_offered", "tls", { options: { login, tlsMode: "starttls" } }],
  ["login_needs_tls", "auth", { flags: ["--tls", "starttls"], options: { login } }],
  ["login_not_offered", "auth", { flags: ["--tls", "starttls"], options: { login, tlsMode: "starttls" }, trust: true }],
  ["blocked", "greeting", { rules: [{ at: "connect", do: { reply: "554 5.7.1 blocked", close: true } }] }],
  ["busy", "greeting", { rules: [{ at: "connect", do: { reply: "421 4.3.2 later", close: true } }] }],
  ["closed_at_once", "greeting", { rules: [{ at: "connect", do: "close" }] }],
  ["sender_refused", "mail", { rules: [{ at: "mail", do: { reply: "550 5.7.1 not yours" } }], trial: true }],
  ["relay_refused", "rcpt", { rules: [{ at: "rcpt", do: { reply: "554 5.7.1 Relay access denied" } }], trial: true }],
  ["recipient_refused", "rcpt", { rules: [{ at: "rcpt", do: { reply: "550 5.1.1 unknown" } }], trial: true }],
];

test.each(cases)("says %s at %s: %j", async (code, step, what) => {
  const result = await run(what);
  expect(result.ok).toBe(false);
  expect([result.code, result.failed.map((s) => s.step)]).toEqual([code, [step]]);
  expect(result.failed[0]?.detail).not.toBe("");
});

test("shows the server's own words", async () => {
  const { failed } = await run({ flags: ["--auth", "user:right"], options: { login: wrong } });
  expect(failed[0]?.detail).toBe("535 5.7.8 Error: authentication failed: bad username or password");
});

test("a name that does not exist and a closed port are told apart", async () => {
  const nowhere = await run({ options: { host: "no-such-host.invalid" } });
  expect([nowhere.code, nowhere.failed[0]?.step]).toEqual(["host_not_found", "dns"]);
  const listener = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => listener.once("listening", resolve));
  const address = listener.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await new Promise((resolve) => listener.close(resolve));
  const closed = await run({ options: { host: "127.0.0.1", port } });
  expect([closed.code, closed.failed[0]?.step]).toEqual(["refused", "connect"]);
});

test("works, but says so when the certificate goes unchecked", async () => {
  const { ok, code } = await run({
    flags: ["--tls", "implicit"],
    options: { tlsMode: "implicit", verifyCertificate: false },
  });
  expect({ ok, code }).toEqual({ ok: true, code: "certificate_not_checked" });
});
