import type { Db } from "../db.ts";
import { log } from "../log.ts";
import { connectionKey, type ResolvedSender } from "../senders/resolve.ts";
import { releaseShare, renewShare } from "../senders/share.ts";
import { createSenderLine, type SenderLine, type SenderLineOptions } from "./sender-line.ts";

/*
 * The lines of one process, one a sender, and its share of each sender's connections. The share is renewed about once
 * a second: another worker that comes gets its part, and one that goes leaves it to the others.
 */

export interface SenderLines {
  /**
   * Does some work with the line of a sender, opened with it where there is none yet. False, and nothing is done, while
   * other workers have all of its connections.
   */
  with(sender: ResolvedSender, how: LineEvents, work: (line: SenderLine) => Promise<void>): Promise<boolean>;
  /** Nothing more goes through this line; what is on its wire has `graceMs` to be answered. */
  end(line: SenderLine, graceMs: number): void;
  readonly open: ReadonlySet<SenderLine>;
  close(graceMs: number): Promise<void>;
}

export type LineEvents = Pick<SenderLineOptions, "onDown" | "onUp">;

interface Entry {
  sender: ResolvedSender;
  settings: string;
  line: SenderLine;
  users: number;
  idleSince: number;
  /** performance.now() when the last successful renewal was sent. */
  renewedAt: number;
  renewing: Promise<void> | null;
}

const renewEveryMs = 1000;
/** A line that nobody works with gives its connections to others after this. */
const idleMs = 5000;

export function createSenderLines(
  db: Db,
  owner: string,
  leaseSeconds: number,
  options: Omit<SenderLineOptions, "onDown" | "onUp">,
): SenderLines {
  const bySender = new Map<string, Entry>();
  /** With those that are out of use and still wait for answers. */
  const open = new Set<SenderLine>();

  const heldOf = (senderId: string) => {
    let held = 0;
    for (const line of open) if (line.sender.id === senderId) held += line.held;
    return held;
  };

  /** One at a time for each sender, and always with what is open at that moment. */
  const renew = (entry: Entry): Promise<void> => {
    entry.renewing ??= (async () => {
      const { sender, line } = entry;
      const sentAt = performance.now();
      try {
        const held = heldOf(sender.id);
        const target = await renewShare(
          ...([db, sender.workspaceId, sender.id, owner, sender.connections, held, leaseSeconds] as const),
        );
        entry.renewedAt = sentAt;
        // What an earlier line of the same sender has not closed yet is part of the share.
        line.use(Math.max(0, target - (heldOf(sender.id) - line.held)));
      } catch (err) {
        // Others may have been given it by now.
        if (performance.now() - entry.renewedAt > leaseSeconds * 1000) line.use(0);
        log.warn({ err, sender: sender.id }, "a share of a sender's connections could not be renewed");
      }
    })().finally(() => {
      entry.renewing = null;
    });
    return entry.renewing;
  };

  const end = (line: SenderLine, graceMs: number): Promise<void> => {
    const { id, workspaceId } = line.sender;
    if (bySender.get(id)?.line === line) bySender.delete(id);
    return line
      .close(graceMs)
      .then(async () => {
        open.delete(line);
        if (!bySender.has(id) && heldOf(id) === 0) await releaseShare(db, workspaceId, id, owner);
      })
      .catch((err) => log.warn({ err, sender: id }, "a sender's connections could not be given back"));
  };

  const entryOf = (sender: ResolvedSender, events: LineEvents): Entry => {
    const settings = connectionKey(sender);
    const known = bySender.get(sender.id);
    if (known && !known.line.closed && known.settings === settings) return known;
    // Changed: the old line finishes what it has. Its messages go back and come through the new one.
    if (known) void end(known.line, 60_000);
    const line = createSenderLine(sender, { ...options, ...events });
    line.use(0);
    const made = { sender, settings, line, users: 0, idleSince: 0, renewedAt: performance.now(), renewing: null };
    bySender.set(sender.id, made);
    open.add(line);
    return made;
  };

  const timer = setInterval(() => {
    for (const entry of bySender.values()) {
      if (entry.users > 0 || performance.now() - entry.idleSince < idleMs) void renew(entry);
      else void end(entry.line, 60_000);
    }
  }, renewEveryMs);

  return {
    open,
    async with(sender, events, work) {
      const entry = entryOf(sender, events);
      entry.users++;
      try {
        if (entry.line.held === 0) await renew(entry);
        if (entry.line.held === 0) return false;
        await work(entry.line);
        return true;
      } finally {
        entry.users--;
        entry.idleSince = performance.now();
      }
    },
    end: (line, graceMs) => void end(line, graceMs),
    async close(graceMs) {
      clearInterval(timer);
      await Promise.all([...open].map((line) => end(line, graceMs)));
    },
  };
}
