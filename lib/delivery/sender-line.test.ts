import { afterEach, expect, test, vi } from "vitest";
import { type JournalSmtp, startJournalSmtp } from "#tests/support/journal-smtp-controller.ts";
import type { Rule } from "#tests/support/journal-smtp-rules.ts";
import type { ResolvedSender } from "../senders/resolve.ts";
import { createSenderLine, type LineItem, type LineResult, type SenderLine } from "./sender-line.ts";

let server: JournalSmtp;
let line: SenderLine;
const onDown = vi.fn();
const onUp = vi.fn();

afterEach(async () => {
  await line.close(0);
  await server.stop();
  vi.resetAllMocks();
});

async function open(
  rules: Rule[] = [],
  changes: Partial<ResolvedSender> = {},
  reserve: () => Promise<void> = async () => {},
): Promise<void> {
  server = await startJournalSmtp({ rules });
  const sender: ResolvedSender = {
    workspaceId: "w",
    id: "s",
    kind: "smtp",
    name: "journal",
    host: "127.0.0.1",
    port: server.port,
    tlsMode: "none",
    verifyCertificate: true,
    login: null,
    connections: 3,
    messagesPerConnection: 1000,
    limits: { perSecond: null, perHour: null },
    health: "up",
    retryAt: null,
    ...changes,
  };
  onDown.mockImplementation(() => void line.close(1000));
  line = createSenderLine(sender, { timeouts: { connect: 2000 }, reserve, onDown, onUp });
}

const outcomeOf = (result: LineResult) =>
  result.kind !== "outcome" ? result.kind : result.outcome.kind === "reply" ? result.outcome.code : result.outcome.kind;

/** Pushes one mail; resolves with what came of it. */
function send(name: string, changes: Partial<LineItem> = {}): Promise<number | string> {
  line.book(1);
  return new Promise((resolve) => {
    line.push({
      lane: "to.test",
      mayGoOn: () => true,
      assemble: () => ({
        from: "news@from.test",
        to: `${name}@to.test`,
        message: { head: `Message-ID: <${name}@from.test>\r\n\r\n`, body: "Hello\r\n" },
      }),
      settle: async (result) => resolve(outcomeOf(result)),
      ...changes,
    });
  });
}

const sendMany = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => send(`p${i}`)));

test("all that is pushed is sent once, over no more connections than the sender allows", async () => {
  await open();
  expect(new Set(await sendMany(300))).toEqual(new Set([250]));
  const accepted = await server.accepted();
  expect(new Set(accepted.map(({ to }) => to)).size).toBe(300);
  expect(accepted).toHaveLength(300);
  expect((await server.counters()).openMost).toBe(3);
});

test("a connection is renewed after so many messages", async () => {
  await open([], { connections: 1, messagesPerConnection: 10 });
  expect(new Set(await sendMany(35))).toEqual(new Set([250]));
  const perConnection = Map.groupBy(await server.accepted(), ({ connection }) => connection);
  expect([...perConnection.values()].map((sent) => sent.length)).toEqual([10, 10, 10, 5]);
});

test("a connection that breaks is replaced, and only what was on it hears of it", async () => {
  await open([{ at: "data", skip: 10, times: 1, do: "reset" }], { connections: 1 });
  const results = await sendMany(40);
  expect(results.filter((result) => result === 250).length).toBeGreaterThanOrEqual(37);
  expect(results.filter((result) => result === "network").length).toBeLessThanOrEqual(2);
  expect(onDown).not.toHaveBeenCalled();
});

test("when no connection can be had the line says so once and hands everything back", async () => {
  await open([{ at: "connect", do: { reply: "421 4.3.2 not now", close: true } }]);
  expect(new Set(await sendMany(20))).toEqual(new Set(["not_taken"]));
  expect(onDown).toHaveBeenCalledOnce();
  expect(onUp).not.toHaveBeenCalled();
  expect(line.closed).toBe(true);
  expect(line.book(10)).toBe(0);
  expect(await send("late")).toBe("not_taken");
});

test("a server that takes fewer connections than the sender has is used with those, and not pressed for more", async () => {
  await open([{ at: "connect", skip: 2, do: { reply: "421 4.7.0 too many connections", close: true } }]);
  const results = await sendMany(300);
  expect(results.filter((result) => result === 250).length).toBeGreaterThanOrEqual(297);
  expect(results.filter((result) => result === "not_taken").length).toBeLessThanOrEqual(3);
  expect(onDown).not.toHaveBeenCalled();
  expect((await server.counters()).connections).toBe(3);
});

test("of a slow server little is marked ahead, so that no mark is too old when its turn comes", async () => {
  await open([{ at: "dot", delayMs: 1200 }], { connections: 3 });
  await Promise.all([send("ann"), send("ben")]);
  expect(line.book(100)).toBe(2);
  line.unbook(2);
});

test("a server that refuses every sender is not called up", async () => {
  await open([{ at: "mail", do: { reply: "550 5.7.1 not you" } }]);
  expect(await send("ann")).toBe(550);
  expect(onUp).not.toHaveBeenCalled();
  await server.setRules([]);
  expect(await send("ben")).toBe(250);
  expect(await send("cy")).toBe(250);
  expect(onUp).toHaveBeenCalledOnce();
});

test("a mail that may not go on any more is withheld before MAIL, and the others go on", async () => {
  await open([], { connections: 1 });
  const results = await Promise.all([
    send("ann"),
    send("ben", { mayGoOn: () => false }),
    send("cy", { mayGoOn: (before) => before === "mail" }),
  ]);
  expect([...results, await send("dan")]).toEqual([250, "withheld", "withheld", 250]);
  expect((await server.accepted()).map(({ to }) => to)).toEqual(["ann@to.test", "dan@to.test"]);
});

test("a mail that cannot be made holds up nobody", async () => {
  await open([], { connections: 1 });
  const broken = () => {
    throw new Error("no such field");
  };
  expect(await Promise.all([send("ann", { assemble: broken }), send("ben")])).toEqual(["unmade", 250]);
});

test("when the line ends, what waits is handed back and what is on the wire is waited for", async () => {
  await open([{ id: "250", at: "dot", hold: true, tell: true }], { connections: 2 });
  const results = sendMany(30);
  await server.reached(() => true);
  await server.reached(() => true);
  const closing = line.close(10_000);
  await server.setRules([]);
  await server.release("250");
  await closing;
  const counts = Map.groupBy(await results, (result) => result);
  expect(counts.get(250)?.length).toBe((await server.accepted()).length);
  expect(counts.get("not_taken")?.length).toBeGreaterThan(20);
  expect([...counts.keys()].toSorted()).toEqual([250, "not_taken", "withheld"].slice(0, counts.size).toSorted());
});

test("a line that has to end cuts what is not answered in time", async () => {
  await open([{ at: "dot", hold: true, tell: true }], { connections: 1 });
  const result = send("ann");
  await server.reached(() => true);
  await line.close(50);
  expect(await result).toBe("network");
});

test("room is booked ahead only as far as can be sent soon", async () => {
  await open([{ id: "250", at: "dot", hold: true }], { connections: 3 });
  expect(line.book(100)).toBe(9);
  expect(line.book(100)).toBe(0);
  line.unbook(9);
  await line.roomWithin(1000);
  expect(line.book(2)).toBe(2);
  line.unbook(2);
});

test("nothing goes on the wire without a place among the answers that are not written down", async () => {
  let places = 5;
  const waiting: Array<() => void> = [];
  const reserve = async () => {
    while (places === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    places--;
  };
  await open([], {}, reserve);
  const sends = Array.from({ length: 8 }, (_, i) => send(`p${i}`));
  await Promise.all(sends.slice(0, 5));
  // A NOOP's way there and back: whatever was written before it has arrived.
  await server.counters();
  expect((await server.counters()).mail).toBe(5);
  places = 3;
  for (const go of waiting.splice(0)) go();
  expect(await Promise.all(sends)).toEqual(Array(8).fill(250));
});

test("what waits for a place when the line ends is not sent any more", async () => {
  let letGo: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const reserve = vi.fn(() => gate);
  await open([], {}, reserve);
  const sends = Array.from({ length: 3 }, (_, i) => send(`p${i}`));
  await vi.waitFor(() => expect(reserve).toHaveBeenCalledTimes(3));
  const closing = line.close(1000);
  letGo();
  await closing;
  expect(await Promise.all(sends)).toEqual(Array(3).fill("not_taken"));
  expect(await server.accepted()).toEqual([]);
});

test("a server that does not greet takes no place from those that answer", async () => {
  const reserve = vi.fn(async () => {});
  await open([{ at: "connect", hold: true }], {}, reserve);
  const sends = Array.from({ length: 8 }, (_, i) => send(`p${i}`));
  await vi.waitFor(async () => expect((await server.counters()).connections).toBe(3));
  expect(reserve).not.toHaveBeenCalled();
  await line.close(0);
  expect(await Promise.all(sends)).toEqual(Array(8).fill("not_taken"));
  expect(reserve, "what is handed back is written down, too").toHaveBeenCalledTimes(8);
});

test("a line whose connections went to others hands back what waits, and takes more when it has some again", async () => {
  await open([{ at: "dot", delayMs: 100 }], { connections: 1 });
  const results = Array.from({ length: 8 }, (_, i) => send(`p${i}`));
  await vi.waitFor(async () => expect((await server.counters()).connections).toBe(1));
  line.use(0);
  expect(line.book(10)).toBe(0);
  const outcomes = await Promise.all([...results, send("late")]);
  expect(outcomes.at(-1)).toBe("not_taken");
  expect(new Set(outcomes)).toEqual(new Set([250, "not_taken"]));
  await vi.waitFor(() => expect(line.held).toBe(0));
  line.use(1);
  expect(await send("again")).toBe(250);
});
