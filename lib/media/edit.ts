import { and, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { media } from "#drizzle/schema/media.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import type { Storage } from "../storage.ts";
import type { SaveMediaInput } from "./input.ts";
import { isInAnyMail } from "./uses.ts";

/** Changes name, alt text or tags. Addresses that mails hold go on working: the name in them does not matter. */
export async function saveMedia(db: Db, scope: Scope, input: SaveMediaInput): Promise<void> {
  allow(scope, "write");
  const { id, ...changes } = input;
  const saved = await db
    .update(media)
    // Without a change there would be nothing to set.
    .set({ ...changes, id })
    .where(and(eq(media.workspaceId, scope.workspaceId), eq(media.id, id), isNull(media.removedAt)))
    .returning({ id: media.id });
  if (saved.length === 0) throw new NotFound("media");
}

/** Takes a picture out of the library. Mails that use it go on showing it; `kept` says so. */
export async function removeMedia(db: Db, scope: Scope, id: string): Promise<{ name: string; kept: boolean }> {
  allow(scope, "write");
  return db.transaction(async (tx) => {
    const [found] = await tx
      .select({ name: media.name, publicId: media.publicId })
      .from(media)
      .where(and(eq(media.workspaceId, scope.workspaceId), eq(media.id, id), isNull(media.removedAt)))
      .for("update");
    if (!found) throw new NotFound("media");
    const kept = await isInAnyMail(tx, scope.workspaceId, found.publicId);
    await tx
      .update(media)
      .set({ removedAt: sql`clock_timestamp()`, kept })
      .where(and(eq(media.workspaceId, scope.workspaceId), eq(media.id, id)));
    await audit(tx, scope, "media.remove", { kind: "media", id }, { name: found.name, kept });
    return { name: found.name, kept };
  });
}

/** Takes a removal back, for as long as the file is there. */
export async function restoreMedia(db: Db, scope: Scope, id: string): Promise<void> {
  allow(scope, "write");
  await db.transaction(async (tx) => {
    const [row] = await tx
      .update(media)
      .set({ removedAt: null, kept: false })
      .where(and(eq(media.workspaceId, scope.workspaceId), eq(media.id, id), isNotNull(media.removedAt)))
      .returning({ name: media.name });
    if (!row) throw new NotFound("media");
    await audit(tx, scope, "media.restore", { kind: "media", id }, { name: row.name });
  });
}

/**
 * Deletes the files of pictures that were removed more than a day ago and that no mail uses. Those that mails used then
 * are looked at again, because drafts go. Returns how many went.
 */
export async function dropRemovedMedia(db: Db, storage: Storage): Promise<number> {
  const rows = await db
    .select({ workspaceId: media.workspaceId, id: media.id, publicId: media.publicId, key: media.storageKey })
    .from(media)
    .where(lt(media.removedAt, sql`now() - interval '1 day'`))
    .limit(1000);
  let dropped = 0;
  for (const { workspaceId, id, publicId, key } of rows) {
    if (await isInAnyMail(db, workspaceId, publicId)) continue;
    // The row first: a file without a row is lost room, a row without a file is a broken picture.
    const gone = await db
      .delete(media)
      .where(and(eq(media.workspaceId, workspaceId), eq(media.id, id), isNotNull(media.removedAt)))
      .returning({ id: media.id });
    if (gone.length === 0) continue;
    await storage.remove(key);
    dropped++;
  }
  return dropped;
}
