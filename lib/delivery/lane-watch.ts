import type { Db } from "../db.ts";
import { log } from "../log.ts";
import { partOf } from "../senders/share.ts";
import { type LaneLimits, readLanes, slowLane } from "./lanes.ts";
import type { LoadedMessage } from "./load-chunk.ts";
import { classify } from "./outcome.ts";
import type { LineResult, SenderLine } from "./sender-line.ts";
import { wordsOf } from "./words-of.ts";

const noLimits: ReadonlyMap<string, LaneLimits> = new Map();

/** What one process knows of lanes with limits, and what it tells others about them. */
export interface LaneWatch {
  limitsOf(workspaceId: string): ReadonlyMap<string, LaneLimits>;
  /** Reads the limits of these workspaces again, and gives the open lines their part of the caps. */
  refresh(workspaceIds: readonly string[], lines: Iterable<SenderLine>): Promise<void>;
  /**
   * Looks at an answer: a receiver that says that we are too fast for it has its lane slowed, at once here and through
   * the database elsewhere.
   */
  heed(line: SenderLine, message: LoadedMessage, result: LineResult): void;
}

/** `owner` is this worker's id among those that share a sender's connections. */
export function watchLanes(db: Db, owner: string): LaneWatch {
  let byWorkspace = new Map<string, Map<string, LaneLimits>>();
  const limitsOf = (workspaceId: string) => byWorkspace.get(workspaceId) ?? noLimits;

  return {
    limitsOf,
    async refresh(workspaceIds, lines) {
      byWorkspace = await readLanes(db, workspaceIds);
      for (const { sender, lanes } of lines) {
        const caps = capsOf(limitsOf(sender.workspaceId));
        const part = caps.size > 0 ? await partOf(db, sender.workspaceId, sender.id, owner) : null;
        lanes.setCaps(part === null ? caps : new Map([...caps].map(([lane, cap]) => [lane, part(cap)])));
      }
    },
    heed(line, { lane }, result) {
      if (result.kind !== "outcome" || result.outcome.kind !== "reply" || result.outcome.code < 400) return;
      if (classify(result.outcome).scope !== "lane") return;
      const { workspaceId } = line.sender;
      const connections = limitsOf(workspaceId).get(lane)?.connections ?? null;
      byWorkspace.set(workspaceId, new Map(limitsOf(workspaceId)).set(lane, { connections, limited: true }));
      line.dropLane(lane);
      slowLane(db, workspaceId, lane, wordsOf(result.outcome), line.lanes.rate(lane)).catch((err) =>
        log.warn({ err }, "a lane could not be slowed down"),
      );
    },
  };
}

/** The connection caps that people set, over all workers. */
function capsOf(limits: ReadonlyMap<string, LaneLimits>): Map<string, number> {
  return new Map([...limits].flatMap(([lane, { connections }]) => (connections === null ? [] : [[lane, connections]])));
}
