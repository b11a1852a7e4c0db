import { afterEach, describe, expect, test } from "vitest";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import type { Rule } from "#tests/support/journal-smtp-rules.ts";
import { openConnection } from "./smtp.ts";
import type { Connection, Outcome, SenderOptions } from "./transport.ts";

const servers: JournalSmtp[] = [];
const connections: Connection[] = [];

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.destroy();
  for (const server of servers.splice(0)) await server.stop();
});

async function start(rules: Rule[] = [], flags: string[] = []): Promise<JournalSmtp> {
  const server = await startJournalSmtp({ rules, flags });
  servers.push(server);
  return server;
}

const plain = (server: JournalSmtp): SenderOptions => ({
  host: "127.0.0.1",
  port: server.port,
  tlsMode: "none",
  verifyCertificate: true,
  login: null,
});

async function connect(server: JournalSmtp, options: Partial<SenderOptions> = {}): Promise<Connection> {
  const opened = await openConnection({ ...plain(server), ...options });
  if (!opened.ok) throw new Error(JSON.stringify(opened.outcome));
  connections.push(opened.connection);
  return opened.connection;
}

const message = (id: string, body = "Hello\r\n") => `Message-ID: <${id}@from.test>\r\nSubject: Hi\r\n\r\n${body}`;
const to = (name: string) => ({ from: "news@from.test", to: `${name}@to.test` });
const reply = (outcome: Outcome) => (outcome.kind === "reply" ? `${outcome.phase} ${outcome.code}` : outcome.kind);
const big = "x".repeat(76).concat("\r\n").repeat(200_000);

describe.each([
  { wire: "pipelining", flags: [] },
  { wire: "nodemailer", flags: ["--no-pipelining"] },
])("the $wire wire", ({ wire, flags }) => {
  test("says sent for what the server took, and the server has every byte of it", async () => {
    const server = await start([], [...flags, "--keep-messages"]);
    const connection = await connect(server);
    expect(connection.wire).toBe(wire);
    const body = ".first\r\n..second\r\nbare\nline\rends\r\n.\r\nlast";
    const outcome = await connection.send(to("ann"), message("1", body));
    expect(outcome).toMatchObject({ kind: "reply", phase: "dot", code: 250, enhanced: "2.0.0" });
    const [accepted] = await server.accepted();
    expect(accepted).toMatchObject({
      from: "news@from.test",
      to: "ann@to.test",
      messageId: "<1@from.test>",
      told: true,
    });
    expect(accepted?.message).toBe(message("1", ".first\r\n..second\r\nbare\r\nline\r\nends\r\n.\r\nlast\r\n"));
  });

  test("hands over many messages at once without losing or repeating one", async () => {
    const server = await start([], flags);
    const connection = await connect(server);
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, i) => connection.send(to(`u${i}`), message(String(i)))),
    );
    expect(new Set(outcomes.map(reply))).toEqual(new Set(["dot 250"]));
    expect(new Set((await server.accepted()).map((m) => m.messageId)).size).toBe(300);
    expect(await server.accepted()).toHaveLength(300);
    await connection.quit();
    expect(connection.usable).toBe(false);
  });

  test("names the command that was refused, with code and words, and the connection goes on", async () => {
    const at = (phase: Rule["at"], key: string, text: string): Rule =>
      phase === "mail" ? { at: phase, times: 1, do: { reply: text } } : { at: phase, to: key, do: { reply: text } };
    const server = await start(
      [
        at("mail", "", "451 4.3.0 not now"),
        at("rcpt", "^gone", "550-5.1.1 The account\n550 5.1.1 does not exist"),
        at("dot", "^spam", "554 5.7.1 looks like spam"),
      ],
      flags,
    );
    const connection = await connect(server);
    expect(reply(await connection.send(to("first"), message("0")))).toBe("mail 451");
    const all = [to("gone"), to("spam"), to("ann"), to("gone"), to("bob")].map((e, i) =>
      connection.send(e, message(`${i}`)),
    );
    const outcomes = await Promise.all(all);
    expect(outcomes.map(reply)).toEqual(["rcpt 550", "dot 554", "dot 250", "rcpt 550", "dot 250"]);
    expect(outcomes[0]).toMatchObject({ enhanced: "5.1.1", text: "The account\ndoes not exist" });
    expect((await server.accepted()).map((m) => m.to)).toEqual(["ann@to.test", "bob@to.test"]);
    expect(connection.usable).toBe(true);
  });

  test("a break before the dot is known to be before it, a break after it is in doubt", async () => {
    const server = await start(
      [
        { at: "data", to: "^envelope", do: "reset" },
        { at: "body", to: "^half", do: "reset" },
        { at: "dot", to: "^whole", do: "reset" },
        { at: "dot", to: "^taken", accept: true, do: "reset" },
      ],
      flags,
    );
    const send = async (name: string, body?: string) =>
      (await connect(server))
        .send(to(name), message(name, body))
        .then((o) => (o.kind === "network" ? o.bodyHandedOver : o));
    expect(await send("envelope")).toBe(false);
    expect(await send("half", big)).toBe(false);
    expect(await send("whole")).toBe(true);
    expect(await send("taken")).toBe(true);
    expect(await server.accepted()).toMatchObject([{ to: "taken@to.test", told: false }]);
  });

  test("a no before MAIL writes nothing and keeps the connection, a no before the body closes it", async () => {
    const server = await start([], flags);
    const connection = await connect(server);
    const never = await connection.send(to("ann"), message("1"), { mayGoOn: () => false });
    expect(never).toEqual({ kind: "withheld", at: "mail", reason: "stopped" });
    expect((await server.counters()).mail).toBe(0);
    const late = await connection.send(to("ann"), message("2"), { mayGoOn: (before) => before === "mail" });
    expect(late).toEqual({ kind: "withheld", at: "body", reason: "stopped" });
    await connection.closed;
    const after = await connection.send(to("ann"), message("3"));
    expect(after).toEqual({ kind: "withheld", at: "mail", reason: "connection_gone" });
    expect(await server.accepted()).toEqual([]);
  });

  test("421 ends the connection and what was waiting behind it was not sent", async () => {
    const server = await start([{ at: "rcpt", to: "^busy", do: { reply: "421 4.7.0 too fast", close: true } }], flags);
    const connection = await connect(server);
    const outcomes = await Promise.all(["ann", "busy", "bob"].map((name) => connection.send(to(name), message(name))));
    expect(outcomes.map(reply)).toEqual(["dot 250", "rcpt 421", "withheld"]);
    await connection.closed;
  });

  test("an answer that does not come in time is a network outcome, by how far it had come", async () => {
    const server = await start([{ at: "dot", hold: true, tell: true }], flags);
    const connection = await connect(server, { timeouts: { afterDot: 200 } });
    const outcome = await connection.send(to("ann"), message("1"));
    expect(outcome).toMatchObject({ kind: "network", phase: "dot", bodyHandedOver: true });
    expect(await server.accepted()).toMatchObject([{ told: false }]);
  });

  test("what is outstanding when we cut the line resolves at once", async () => {
    const server = await start([{ at: "dot", hold: true, tell: true }], flags);
    const connection = await connect(server);
    const held = connection.send(to("ann"), message("1"));
    const behind = connection.send(to("bob"), message("2"));
    await server.reached((event) => event.phase === "dot" && event.to === "ann@to.test");
    expect(connection.unanswered).toBe(1);
    connection.destroy();
    expect(await held).toMatchObject({ kind: "network", bodyHandedOver: true });
    expect(["network", "withheld"]).toContain((await behind).kind);
    expect(await behind).not.toMatchObject({ bodyHandedOver: true });
  });

  test("a connection the server ends after some messages loses none of them", async () => {
    const server = await start([], [...flags, "--close-after", "3"]);
    const connection = await connect(server);
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map((n) => connection.send(to(`u${n}`), message(`${n}`))));
    expect(outcomes.slice(0, 3).map(reply)).toEqual(["dot 250", "dot 250", "dot 250"]);
    for (const outcome of outcomes.slice(3)) expect(outcome).not.toMatchObject({ bodyHandedOver: true });
    expect(await server.accepted()).toHaveLength(3);
  });

  test.each([
    ["a@x.test,b@x.test", "recipient_address"],
    ["a@x.test\r\nRCPT TO:<b@x.test>", "recipient_address"],
    ["a@x.test\u2028", "recipient_address"],
    ["a\0@x.test", "recipient_address"],
    ["<a@x.test>", "recipient_address"],
    ["a@b@x.test", "recipient_address"],
    ["nobody", "recipient_address"],
    ["jürgen@x.test", "smtputf8_missing"],
  ])("writes nothing for %j", async (address, reason) => {
    const server = await start([], flags);
    const connection = await connect(server);
    expect(await connection.send({ from: "a@from.test", to: address }, message("1"))).toMatchObject({
      kind: "refused",
      reason,
    });
    expect((await server.counters()).mail).toBe(0);
  });

  test("writes an internationalised domain as its A-label, and a local part only with SMTPUTF8", async () => {
    const server = await start([], [...flags, "--smtputf8"]);
    const connection = await connect(server);
    await connection.send({ from: "", to: "ann@bücher.test" }, message("1"));
    await connection.send({ from: "", to: "jürgen@bücher.test" }, message("2"));
    expect((await server.accepted()).map((m) => m.to)).toEqual(["ann@xn--bcher-kva.test", "jürgen@xn--bcher-kva.test"]);
  });

  test("a message above the server's size is refused before MAIL", async () => {
    const server = await start([], [...flags, "--size", "1000"]);
    const outcome = await (await connect(server)).send(to("ann"), message("1", "x".repeat(2000)));
    expect(outcome).toMatchObject({ kind: "refused", reason: "too_big" });
  });

  test("a slow server gets a big message whole", async () => {
    const server = await start([], [...flags, "--read-bytes-per-second", "20000000"]);
    const connection = await connect(server);
    expect(reply(await connection.send(to("ann"), message("1", big)))).toBe("dot 250");
    expect(reply(await connection.send(to("bob"), message("2")))).toBe("dot 250");
    expect((await server.accepted())[0]?.bytes).toBeGreaterThan(big.length);
  });
});

test("a refused recipient whose DATA gets 354 all the same is never counted as sent", async () => {
  const rules: Rule[] = [
    { at: "rcpt", to: "^gone", do: { reply: "550 5.1.1 no such user" } },
    { at: "dot", to: "^gone", accept: false, do: { reply: "250 2.0.0 queued" } },
  ];
  const server = await start(rules, ["--data-without-recipient"]);
  const connection = await connect(server);
  const outcomes = await Promise.all(["gone", "ann"].map((name) => connection.send(to(name), message(name))));
  expect(outcomes.map(reply)).toEqual(["rcpt 550", "dot 250"]);
  expect((await server.accepted()).map((m) => [m.to, m.messageId])).toEqual([["ann@to.test", "<ann@from.test>"]]);
});

test("the next envelope travels with a body, and its own body only after the answer", async () => {
  const server = await start([{ id: "first", at: "dot", to: "^ann", hold: true, tell: true }]);
  const connection = await connect(server);
  const first = connection.send(to("ann"), message("1"));
  const second = connection.send(to("bob"), message("2"));
  await server.reached();
  await server.release("first");
  expect([reply(await first), reply(await second)]).toEqual(["dot 250", "dot 250"]);
});

describe("opening", () => {
  const open = async (server: JournalSmtp, options: Partial<SenderOptions> = {}) => {
    const opened = await openConnection({ ...plain(server), ...options });
    if (opened.ok) connections.push(opened.connection);
    return opened.ok ? { ok: true, secure: opened.connection.server.secure } : opened.outcome;
  };
  const login = { username: "user", password: "right" };

  test("secures with STARTTLS and with TLS from the start, checking the certificate", async () => {
    for (const [flag, tlsMode] of [
      ["starttls", "starttls"],
      ["implicit", "implicit"],
    ] as const) {
      const server = await start([], ["--tls", flag]);
      const authorities = server.certificate ?? "";
      expect(await open(server, { host: "localhost", tlsMode, authorities })).toEqual({ ok: true, secure: true });
      expect(await open(server, { tlsMode })).toMatchObject({ kind: "network", phase: "tls" });
      expect(await open(server, { tlsMode, verifyCertificate: false })).toEqual({ ok: true, secure: true });
    }
  });

  test("never goes on in the clear when STARTTLS is asked for and not offered or refused", async () => {
    const server = await start([], ["--auth", "user:right"]);
    const outcome = await open(server, { tlsMode: "starttls", login });
    expect(outcome).toMatchObject({ phase: "tls" });
    const refusing = await start(
      [{ at: "starttls", do: { reply: "454 4.7.0 TLS not available" } }],
      ["--tls", "starttls"],
    );
    expect(await open(refusing, { tlsMode: "starttls" })).toMatchObject({ kind: "reply", phase: "tls", code: 454 });
  });

  test.each(["PLAIN", "LOGIN"])("logs in with %s, and a wrong password is an answer at auth", async (method) => {
    const server = await start([], ["--auth", "user:right", "--auth-methods", method]);
    expect(await open(server, { login })).toMatchObject({ ok: true });
    expect(await open(server, { login: { username: "user", password: "wrong" } })).toMatchObject({
      kind: "reply",
      phase: "auth",
      code: 535,
      enhanced: "5.7.8",
    });
  });

  test.each<[Rule, object]>([
    [
      { at: "connect", do: { reply: "421 4.3.2 too many connections", close: true } },
      { phase: "greeting", code: 421 },
    ],
    [
      { at: "connect", do: { reply: "554 5.7.1 blocked", close: true } },
      { phase: "greeting", code: 554 },
    ],
    [
      { at: "connect", do: "close" },
      { kind: "network", phase: "greeting" },
    ],
    [
      { at: "connect", hold: true },
      { kind: "network", phase: "greeting" },
    ],
    [
      { at: "ehlo", do: { reply: "421 4.3.2 shutting down", close: true } },
      { phase: "ehlo", code: 421 },
    ],
    [
      { at: "ehlo", do: "reset" },
      { kind: "network", phase: "ehlo" },
    ],
    [
      { at: "ehlo", hold: true },
      { kind: "network", phase: "ehlo" },
    ],
  ])("%j is told apart", async (rule, expected) => {
    const server = await start([rule]);
    expect(await open(server, { timeouts: { greeting: 300, command: 300 } })).toMatchObject(expected);
  });

  test("a refused connection is a network outcome at connect, and works again once the server is back", async () => {
    const server = await start();
    await server.refuseConnections(true);
    expect(await open(server)).toMatchObject({ kind: "network", phase: "connect", bodyHandedOver: false });
    await server.refuseConnections(false);
    expect(await open(server)).toMatchObject({ ok: true });
  });
});
