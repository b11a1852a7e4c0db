import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Rule } from "#tests/support/journal-smtp-rules.ts";
import { selfSignedCertificate } from "#tests/support/self-signed-certificate.ts";
import { connections, inArena, isShort, type Run, type RunOptions, wires } from "./arena.ts";
import { tell } from "./judge.ts";
import { pass, waitUntil } from "./wait-until.ts";

/*
 * A server that lets nobody in, for every reason there is. Nobody's mail may fail by it: the campaign says why it
 * stands still, in the server's words, asks again less and less often, and goes on by itself once it is mended.
 */

// Certificates that the workers trust and that are wrong all the same: for another name, and out of date.
const folder = mkdtempSync(path.join(os.tmpdir(), "posthorn-fault-certificates-"));
const day = 86_400_000;
const otherName = selfSignedCertificate({ name: "mail.elsewhere.example" });
const expired = selfSignedCertificate({
  validFrom: new Date(Date.now() - 30 * day),
  validTo: new Date(Date.now() - day),
});
const trusted = path.join(folder, "trusted.pem");
writeFileSync(trusted, otherName.cert + expired.cert);
const certificateFile = (name: string, certificate: { key: string; cert: string }): string => {
  const file = path.join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(certificate));
  return file;
};

const field = inArena({
  crew: ["first", "second"],
  env: { DELIVERY_CONNECT_TIMEOUT_SECONDS: "2", NODE_EXTRA_CA_CERTS: trusted },
});
const people = 300;

interface Case {
  fault: string;
  options?: RunOptions;
  rules?: Rule[];
  /** The port is closed. */
  refused?: true;
  /** What the campaign has to say. */
  words: string;
  mend(run: Run): Promise<unknown>;
  short?: true;
}

const withoutRules = (run: Run) => run.journal.setRules([]);
const withoutChecks = (run: Run) => run.changeSender({ verify_certificate: false });
const starttls: RunOptions = {
  flags: ["--tls", "starttls"],
  sender: { tls_mode: "starttls", verify_certificate: false },
};
const login = { flags: ["--auth", "news:right"], sender: { username: "news", password: "right" } };
const secured = (file?: string): RunOptions => ({
  flags: ["--tls", "starttls", ...(file ? ["--certificate", file] : [])],
  sender: { tls_mode: "starttls", verify_certificate: true },
});

const cases: Case[] = [
  {
    fault: "connections refused",
    refused: true,
    words: "ECONNREFUSED",
    mend: (run) => run.journal.refuseConnections(false),
    short: true,
  },
  {
    fault: "a server that never greets",
    rules: [{ id: "door", at: "connect", hold: true }],
    words: "did not answer in time",
    mend: withoutRules,
  },
  {
    fault: "421 as greeting",
    rules: [{ at: "connect", do: { reply: "421 4.3.2 too busy, try again later", close: true } }],
    words: "421 4.3.2 too busy",
    mend: withoutRules,
  },
  {
    fault: "554 as greeting",
    rules: [{ at: "connect", do: { reply: "554 5.7.1 no service for your address", close: true } }],
    words: "554 5.7.1 no service",
    mend: withoutRules,
  },
  {
    fault: "535 to the login",
    options: { ...login, sender: { username: "news", password: "wrong" } },
    words: "535 5.7.8",
    mend: (run) => run.changeSender({ password: "right" }),
  },
  {
    fault: "454 to the login",
    options: login,
    rules: [{ at: "auth", do: { reply: "454 4.7.0 temporary authentication failure" } }],
    words: "454 4.7.0 temporary authentication failure",
    mend: withoutRules,
  },
  {
    fault: "454 to STARTTLS",
    options: starttls,
    rules: [{ at: "starttls", do: { reply: "454 4.7.0 TLS not available" } }],
    words: "454 4.7.0 TLS not available",
    mend: withoutRules,
  },
  {
    fault: "a handshake that is dropped",
    options: starttls,
    rules: [{ at: "starttls", do: { reply: "220 2.0.0 go ahead", close: true } }],
    words: "",
    mend: withoutRules,
  },
  {
    fault: "a certificate nobody vouches for",
    options: secured(),
    words: "self-signed certificate",
    mend: withoutChecks,
  },
  {
    fault: "a certificate for another name",
    options: secured(certificateFile("other-name", otherName)),
    words: "does not match certificate's altnames",
    mend: withoutChecks,
  },
  {
    fault: "a certificate that has expired",
    options: secured(certificateFile("expired", expired)),
    words: "certificate has expired",
    mend: withoutChecks,
  },
];

interface Trouble {
  pause_reason: string | null;
  health: string;
  health_failures: number;
  tries: number;
}

async function troubleOf(run: Run): Promise<Trouble> {
  const { rows } = await field.arena().pool.query(
    `select k.pause_reason, s.health, s.health_failures,
       (select count(*)::int from attempt where source_id = k.id) as tries
     from campaign k join sender s on s.id = k.sender_id where k.id = $1`,
    [run.campaignId],
  );
  return rows[0] as Trouble;
}

const saysWhy = (run: Run) =>
  waitUntil("the campaign says why it stands still", async () => {
    const trouble = await troubleOf(run);
    return trouble?.health === "down" && trouble.pause_reason?.startsWith("sender: ") ? trouble : null;
  });

describe.each(wires)("$wire", ({ wire, flags }) => {
  const named = cases.filter(({ short }) => short || !isShort).map((one) => [one.fault, one] as const);

  test.concurrent.each(named)("%s: fails nobody, is told, and is over when it is mended", async (fault, one) => {
    const { options = {}, rules = [], refused = false, words, mend } = one;
    const all = { people, ...options, rules, flags: [...flags, ...(options.flags ?? [])] };
    await field.within(all, async (run) => {
      if (refused) await run.journal.refuseConnections(true);
      await run.launch();
      const { pause_reason: reason, tries } = await saysWhy(run);
      expect(reason).toContain(words);
      expect(reason?.length, "there are words").toBeGreaterThan("sender: ".length);
      expect(tries, "no try is counted against anybody").toBe(0);
      expect((await run.journal.counters()).accepted).toBe(0);
      await mend(run);
      const judged = await run.finished();
      tell(`${fault}, ${wire}`, judged, 0);
      expect(judged.counts.sent).toBe(people);
      expect(judged.duplicates).toBe(0);
      expect((await troubleOf(run)).pause_reason).toBeNull();
    });
  });

  if (isShort) return;

  test.concurrent("a relay that is away for thirty seconds loses nobody and is not hammered", async () => {
    await field.within({ people: 900, flags, rules: [{ at: "dot", delayMs: 20 }] }, async (run) => {
      await run.launch();
      await waitUntil("the campaign is under way", async () => ((await run.journal.counters()).accepted ?? 0) > 100);
      await run.journal.refuseConnections(true);
      await run.journal.dropAll();
      await saysWhy(run);
      await pass(30_000);
      const { health_failures: failures } = await troubleOf(run);
      // After 5 and 15 seconds; the next one is a minute later.
      expect(failures).toBeGreaterThanOrEqual(2);
      expect(failures).toBeLessThanOrEqual(3);
      await run.journal.refuseConnections(false);
      const judged = await run.finished(60_000 + 45_000);
      tell(`relay away for 30 s, ${wire}`, judged, 2 * connections);
      expect(judged.counts.sent).toBe(900);
      expect(judged.duplicates).toBeLessThanOrEqual(2 * connections);
    });
  });

  test.concurrent("a relay that is away for ten minutes (told in fast motion) loses nobody and is asked less and less often", async () => {
    await field.within({ people, flags, rules: [{ at: "dot", delayMs: 20 }] }, async (run) => {
      await run.journal.refuseConnections(true);
      await run.launch();
      // The waits of 5 s, 15 s, 1 min and 5 min are over at once; only the next one would reach past ten minutes.
      const waited: number[] = [];
      for (let failures = 1; failures <= 5; failures++) {
        const seconds = await waitUntil(`the relay was asked ${failures} times`, async () => {
          const { rows } = await field.arena().pool.query(
            `select extract(epoch from retry_at - clock_timestamp())::float8 as wait from sender
           where id = $1 and health_failures = $2`,
            [run.senderId, failures],
          );
          return rows[0]?.wait as number | undefined;
        });
        waited.push(seconds);
        if (failures === 5) break;
        await isOver(run);
      }
      [5, 15, 60, 300, 900].forEach((most, i) => {
        expect(waited[i]).toBeLessThanOrEqual(most);
        expect(waited[i]).toBeGreaterThan(most - 5);
      });
      await run.journal.refuseConnections(false);
      await isOver(run);
      const judged = await run.finished();
      tell(`relay away for 10 min in fast motion, ${wire}`, judged, 0);
      expect(judged.counts.sent).toBe(people);
      expect(judged.duplicates).toBe(0);
    });
  });
});

/** The wait for the relay's next try, and that of the chunks that wait with it. */
async function isOver(run: Run): Promise<void> {
  await field.arena().pool.query("update sender set retry_at = clock_timestamp() where id = $1", [run.senderId]);
  await field
    .arena()
    .pool.query("update chunk set due_at = clock_timestamp() where source_id = $1 and state = 'waiting'", [
      run.campaignId,
    ]);
}
