import { expect, test } from "vitest";
import { acceptedCount, inArena, isShort, people } from "./arena.ts";
import { tell } from "./judge.ts";
import { startTcpProxy } from "./tcp-proxy.ts";
import { pass, waitUntil } from "./wait-until.ts";

const field = inArena();

test("while the way to the database is cut nothing new is begun, and afterwards nobody is missing or doubled", async () => {
  const { databaseUrl, startWorker } = field.arena();
  const direct = new URL(databaseUrl);
  const proxy = await startTcpProxy({ host: direct.hostname, port: Number(direct.port) });
  const cuttable = new URL(databaseUrl);
  cuttable.host = `127.0.0.1:${proxy.port}`;
  const run = await field.run({ rules: [{ at: "dot", delayMs: 20 }] });
  const workers = await Promise.all(["first", "second"].map((name) => startWorker(name, cuttable.href)));
  try {
    await run.launch();
    await waitUntil("the campaign is well under way", async () => (await acceptedCount(run)) > 300);
    await proxy.cut();
    await pass(2500);
    const { mail } = await run.journal.counters();
    await pass(isShort ? 6000 : 57_500);
    expect((await run.journal.counters()).mail, "nothing new is begun").toBe(mail);
    expect(mail).toBeLessThan(people);
    await proxy.mend();
    const ended = await Promise.race([...workers.map((worker) => worker.exited), "nobody ended"]);
    expect(ended).toBe("nobody ended");
    const judged = await run.finished();
    tell("database out of reach", judged, 0);
    expect(judged.counts.sent).toBe(people);
    // Answers were kept, and nobody took over what the other had on the wire: not one is doubled.
    expect(judged.duplicates).toBe(0);
  } finally {
    for (const worker of workers) worker.signal("SIGKILL");
  }
});
