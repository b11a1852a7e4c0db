import type { Scope } from "#lib/auth/scope.ts";
import { freezeCampaign } from "#lib/campaigns/freeze.ts";
import { launch } from "#lib/campaigns/launch.ts";
import { startCampaign } from "#lib/campaigns/start.ts";
import type { Db, Pool } from "#lib/db.ts";
import { type ClaimedChunk, claimChunk } from "#lib/delivery/claim.ts";
import { type LoadedMessage, loadChunk } from "#lib/delivery/load-chunk.ts";
import type { Settlement } from "#lib/delivery/settle.ts";
import { newId } from "#lib/ids.ts";
import { makeDraft, makeList, makeWorkspace } from "./campaign-fixtures.ts";

/** A campaign that is frozen and sending, of which nobody has claimed anything yet. */
export async function sendingCampaign(
  db: Db,
  pool: Pool,
  people = 3,
): Promise<{ scope: Scope; campaignId: string; listId: string }> {
  const scope = await makeWorkspace(pool);
  const listId = await makeList(pool, scope, people);
  const draft = await makeDraft(db, scope, listId);
  const when = { kind: "now" } as const;
  await launch(db, scope, {
    campaignId: draft.id,
    version: draft.version,
    when,
    confirmedCount: people,
    acceptPlainHttp: true,
  });
  await pool.query("update campaign set launch_at = clock_timestamp() where id = $1", [draft.id]);
  await startCampaign(db, scope.workspaceId, draft.id);
  const frozen = await freezeCampaign(db, scope.workspaceId, draft.id);
  if (frozen !== "frozen") throw new Error(`the campaign is ${frozen}`);
  return { scope, campaignId: draft.id, listId };
}

/** Claims the next chunk as a worker of its own, whatever the leases and the age of the server. */
export async function claimNext(
  db: Db,
  leaseSeconds = 60,
): Promise<{ chunk: ClaimedChunk; messages: LoadedMessage[] }> {
  const chunk = await claimChunk(db, newId(), leaseSeconds, 60, true);
  if (!chunk) throw new Error("nothing is due");
  return { chunk, messages: await loadChunk(db, chunk) };
}

/** The owner of a chunk has not been heard of for longer than its lease. */
export async function expireLease(pool: Pool, chunk: ClaimedChunk): Promise<void> {
  await pool.query(
    "update chunk set lease_until = clock_timestamp() - interval '1 second' where source_id = $1 and no = $2",
    [chunk.campaignId, chunk.no],
  );
}

/** An accepted answer to a marked message, or what `changes` make of it. */
export function settlement(chunk: ClaimedChunk, message: LoadedMessage, changes: Partial<Settlement> = {}): Settlement {
  return {
    chunk,
    messageId: message.id,
    n: message.lastN + 1,
    mark: chunk.marks,
    closesMark: false,
    markedAt: performance.now(),
    senderId: chunk.owner,
    before: message.lastState,
    state: "sent",
    class: "sent",
    phase: "dot",
    code: 250,
    enhanced: null,
    reply: "queued",
    nextInSeconds: null,
    tries: message.tries + 1,
    suppress: null,
    ...changes,
  };
}

export interface AttemptRow {
  n: number;
  state: string;
  class: string | null;
  fence: string;
  tries: number;
  next_at: Date | null;
}

/** All attempts of a message, oldest first. */
export async function attemptsOf(pool: Pool, messageId: string): Promise<AttemptRow[]> {
  const { rows } = await pool.query(
    "select n, state, class, fence, tries, next_at from attempt where message_id = $1 order by n",
    [messageId],
  );
  return rows;
}
