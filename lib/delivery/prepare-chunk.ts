import type { Db } from "../db.ts";
import { Refusal } from "../errors.ts";
import { log } from "../log.ts";
import { listPool, pickSender } from "../senders/pool.ts";
import { type ResolvedSender, resolveSender } from "../senders/resolve.ts";
import { type CampaignMail, loadCampaignMail } from "./campaign-mail.ts";
import { type ClaimedChunk, databaseTime } from "./claim.ts";

/** What a chunk is sent from and through; or until when it waits, with words where a person may have to mend it. */
export type Prepared =
  | { ok: true; campaign: CampaignMail; sender: ResolvedSender }
  | { ok: false; notBefore: Date; words: string | null };

export interface ChunkPreparation {
  /** Never throws: whatever is in the way, nobody is lost and nothing spins. */
  prepare(chunk: ClaimedChunk): Promise<Prepared>;
  campaignOf(chunk: ClaimedChunk): Promise<CampaignMail>;
  /** A limit of this sender is used up: nothing goes through it before. */
  noteFull(senderId: string, until: Date): void;
}

/** How long a chunk waits that cannot be sent for a reason on our side. */
const unsendableWaitMs = 60_000;
/** What belongs to a campaign and may change by itself (its domain's keys) is read again after this. */
const campaignMailMs = 60_000;
const mostCampaigns = 20;
const nobodyLeftWords = "None of this campaign's senders can be used at the moment.";

export function chunkPreparation(db: Db): ChunkPreparation {
  const campaigns = new Map<string, { at: number; version: number; mail: Promise<CampaignMail> }>();
  const fullUntil = new Map<string, Date>();

  /** Frozen content never changes; what was used last is kept, so that memory stays flat over the months. */
  function campaignOf({ workspaceId, campaignId, version }: ClaimedChunk): Promise<CampaignMail> {
    const known = campaigns.get(campaignId);
    if (known?.version === version && performance.now() - known.at < campaignMailMs) return known.mail;
    const loading = { at: performance.now(), version, mail: loadCampaignMail(db, workspaceId, campaignId) };
    campaigns.delete(campaignId);
    for (const oldest of campaigns.keys()) if (campaigns.size >= mostCampaigns) campaigns.delete(oldest);
    campaigns.set(campaignId, loading);
    loading.mail.catch(() => campaigns.delete(campaignId));
    return loading.mail;
  }

  /**
   * The campaign's own sender, or one of those it is shared among, by weight, passing over who is away or full: its id
   * (null = the default), or when the first may be back.
   */
  async function chooseSender(chunk: ClaimedChunk, campaign: CampaignMail): Promise<string | null | { backAt: Date }> {
    if (campaign.senderIds === null) return campaign.senderId;
    const members = (await listPool(db, chunk.workspaceId)).filter(({ id }) => campaign.senderIds?.includes(id));
    const pool = members.map((member) => ({ ...member, fullUntil: fullUntil.get(member.id) ?? null }));
    // All of them were taken out of use by a person: it goes on through the default.
    if (pool.length === 0) return null;
    const picked = pickSender(pool, Math.random, new Date(databaseTime(chunk)));
    return picked.id ?? { backAt: picked.retryAt ?? new Date(databaseTime(chunk) + unsendableWaitMs) };
  }

  return {
    campaignOf,
    noteFull: (senderId, until) => void fullUntil.set(senderId, until),
    async prepare(chunk) {
      try {
        const campaign = await campaignOf(chunk);
        const chosen = await chooseSender(chunk, campaign);
        if (chosen !== null && typeof chosen === "object")
          return { ok: false, notBefore: chosen.backAt, words: nobodyLeftWords };
        const sender = await resolveSender(db, chunk.workspaceId, chosen);
        const isAway = sender.health === "down" && sender.retryAt && sender.retryAt.getTime() > databaseTime(chunk);
        return isAway ? { ok: false, notBefore: sender.retryAt as Date, words: null } : { ok: true, campaign, sender };
      } catch (err) {
        log.error({ err, campaign: chunk.campaignId }, "a chunk cannot be sent and waits");
        return { ok: false, notBefore: new Date(databaseTime(chunk) + unsendableWaitMs), words: unsendableWords(err) };
      }
    },
  };
}

function unsendableWords(error: unknown): string {
  if (!(error instanceof Refusal)) return "Something went wrong on our side. It is tried again every minute.";
  switch (error.code) {
    case "senders.password_lost":
      return "The sender's stored password cannot be read with this installation's secret. Enter it again.";
    case "domains.key_lost":
      return "The key that signs for the from address's domain cannot be used. Make a new one, or stop signing.";
    default:
      return "The sender is not there any more.";
  }
}
