import { afterEach, expect, test } from "vitest";
import { openConnection } from "#lib/delivery/smtp.ts";
import { type JournalSmtp, startJournalSmtp } from "./journal-smtp-controller.ts";

const servers: JournalSmtp[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function sendThrough(server: JournalSmtp, name: string) {
  const sender = {
    host: "127.0.0.1",
    port: server.port,
    tlsMode: "none",
    verifyCertificate: false,
    login: null,
  } as const;
  const opened = await openConnection(sender);
  if (!opened.ok) return opened.outcome;
  const outcome = await opened.connection.send(
    { from: "", to: `${name}@to.test` },
    `Message-ID: <${name}>\r\n\r\nHi\r\n`,
  );
  opened.connection.destroy();
  return outcome;
}

test("the journal outlives a kill and knows what was taken without being answered", async () => {
  const server = await startJournalSmtp({ rules: [{ at: "dot", to: "^held", hold: true, tell: true }] });
  servers.push(server);
  await sendThrough(server, "ann");
  const held = sendThrough(server, "held");
  await server.reached((event) => event.to === "held@to.test");
  await server.stop("SIGKILL");
  expect(await held).toMatchObject({ kind: "network", bodyHandedOver: true });
  expect((await server.accepted()).map((m) => [m.messageId, m.told])).toEqual([
    ["<ann>", true],
    ["<held>", false],
  ]);
});

test("a rule can bite a number of times for each recipient", async () => {
  const greylist = { reply: "451 4.7.1 greylisted" };
  const server = await startJournalSmtp({ rules: [{ at: "rcpt", timesPerRecipient: 1, do: greylist }] });
  servers.push(server);
  const codes = [];
  for (const name of ["ann", "bob", "ann", "bob"]) {
    const outcome = await sendThrough(server, name);
    codes.push(outcome.kind === "reply" ? outcome.code : outcome.kind);
  }
  expect(codes).toEqual([451, 451, 250, 250]);
  expect(await server.counters()).toMatchObject({ accepted: 2, told: 2, "refused.rcpt.451": 2 });
});
