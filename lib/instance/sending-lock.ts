import type { Db } from "../db.ts";
import { Refusal } from "../errors.ts";
import { log } from "../log.ts";
import { type InstanceView, lookAtInstance } from "./look.ts";

/** Refuses `instance.locked` while this looks like a copy that nobody has confirmed. For all that a person sends. */
export async function refuseWhileLocked(db: Db): Promise<void> {
  const { locked } = await lookAtInstance(db);
  if (locked) throw new Refusal("instance.locked", { reason: locked });
}

export interface SendingLock {
  /** Whether this process may send, by a look that is no older than `freshForMs`. Rejects when it cannot look. */
  maySend(): Promise<boolean>;
}

/**
 * The lock for a process that sends all the time: looks anew a few times a second, so that a confirmation lets it go on
 * without a restart, and logs every change. Several callers share one look.
 */
export function watchSendingLock(db: Db, freshForMs = 250): SendingLock {
  let looked = { at: Number.NEGATIVE_INFINITY, allowed: false };
  let looking: Promise<boolean> | null = null;
  let told: InstanceView["locked"] | undefined;

  const look = async (): Promise<boolean> => {
    // From before it is asked, so that an answer that took long is no fresher than its question.
    const at = performance.now();
    const view = await lookAtInstance(db);
    looked = { at, allowed: view.locked === null };
    if (view.locked !== (told ?? null)) tell(view);
    told = view.locked;
    return looked.allowed;
  };

  return {
    maySend() {
      if (performance.now() - looked.at < freshForMs) return Promise.resolve(looked.allowed);
      looking ??= look().finally(() => {
        looking = null;
      });
      return looking;
    },
  };
}

function tell({ locked, recorded, databaseIdentity, host }: InstanceView): void {
  if (locked === null) {
    log.info("sending is not locked any more");
    return;
  }
  log.warn(
    { reason: locked, recorded, found: { databaseIdentity, instanceId: host.id, epoch: host.epoch } },
    "nothing is sent: this looks like a copy; an owner or admin has to confirm it in the console, or see npm run instance",
  );
}
