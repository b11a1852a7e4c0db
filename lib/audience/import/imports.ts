import { and, desc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import { audienceImport, type ImportStatus, list } from "#drizzle/schema/audience.ts";
import { user } from "#drizzle/schema/auth.ts";
import { storedFile } from "#drizzle/schema/files.ts";
import { audit } from "../../auth/audit.ts";
import { allow } from "../../auth/roles.ts";
import type { Scope } from "../../auth/scope.ts";
import type { Db } from "../../db.ts";
import { NotFound, Refusal } from "../../errors.ts";
import { enqueue } from "../../queue.ts";
import type { Storage } from "../../storage.ts";
import { listFields } from "../fields.ts";
import { requireLists } from "../lists.ts";
import type { ImportCounts } from "./counts.ts";
import type { MappingInput } from "./input.ts";
import { dropImportTables, listImportTables } from "./tables.ts";

export type Import = Omit<typeof audienceImport.$inferSelect, "dryRun" | "result"> & {
  dryRun: ImportCounts | null;
  result: ImportCounts | null;
};

export interface ImportInList extends Import {
  createdByName: string | null;
  listNames: string[];
}

/** One import of the workspace, or null. */
export async function findImport(db: Db, scope: Pick<Scope, "workspaceId">, id: string): Promise<Import | null> {
  const [found] = await db.select().from(audienceImport).where(inWorkspace(scope, id));
  return (found as Import | undefined) ?? null;
}

/** One import of the workspace. */
export async function getImport(db: Db, scope: Pick<Scope, "workspaceId">, id: string): Promise<Import> {
  const found = await findImport(db, scope, id);
  if (!found) throw new NotFound("import");
  return found;
}

/** The newest hundred imports, with who started them and where the people went. */
export async function listImports(db: Db, scope: Scope): Promise<ImportInList[]> {
  allow(scope, "read");
  const rows = await db
    .select({ row: audienceImport, createdByName: user.name })
    .from(audienceImport)
    .leftJoin(user, eq(user.id, audienceImport.createdBy))
    .where(eq(audienceImport.workspaceId, scope.workspaceId))
    .orderBy(desc(audienceImport.id))
    .limit(100);
  const names = await listNamesOf(
    db,
    scope,
    rows.flatMap(({ row }) => row.listIds),
  );
  return rows.map(({ row, createdByName }) => ({
    ...(row as Import),
    createdByName,
    listNames: row.listIds.map((id) => names.get(id) ?? "").filter((name) => name !== ""),
  }));
}

/** Names of lists by id, archived ones included. */
export async function listNamesOf(
  db: Db,
  scope: Pick<Scope, "workspaceId">,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: list.id, name: list.name })
    .from(list)
    .where(and(eq(list.workspaceId, scope.workspaceId), inArray(list.id, [...new Set(ids)])));
  return new Map(rows.map((row) => [row.id, row.name]));
}

/**
 * Stores what fills what, where people go and what they consented to, and queues the dry run. Refuses
 * `audience.import_no_email`, `audience.import_target_twice`, `audience.import_columns_changed` and
 * `audience.import_state` when the import has gone on already.
 */
export async function checkLater(db: Db, scope: Scope, input: MappingInput): Promise<void> {
  allow(scope, "write");
  await db.transaction(async (tx) => {
    const current = await getImport(tx, scope, input.id);
    await requireLists(tx, scope, input.listIds);
    if (input.mapping.length !== current.header.length) throw new Refusal("audience.import_columns_changed");
    await refuseWrongTargets(tx, scope, input.mapping);
    await moveOn(tx, scope, input.id, ["mapping", "checked"], {
      status: "checking",
      mapping: input.mapping,
      listIds: [...new Set(input.listIds)],
      consentBasis: input.consentBasis,
      updateExisting: input.updateExisting,
      dateOrder: input.dateOrder,
      dryRun: null,
      error: null,
      stage: "waiting",
      rowsDone: 0,
      rowsTotal: null,
      heartbeatAt: sql`now()`,
    });
    await enqueue(tx, "import.check", { workspaceId: scope.workspaceId, importId: input.id });
  });
}

/** Starts an import whose dry run somebody has seen. Refuses `audience.import_state`, also for a second click. */
export async function runLater(db: Db, scope: Scope, id: string): Promise<void> {
  allow(scope, "write");
  await db.transaction(async (tx) => {
    const before = await getImport(tx, scope, id);
    await requireLists(tx, scope, before.listIds);
    await moveOn(tx, scope, id, ["checked"], {
      status: "importing",
      error: null,
      stage: "waiting",
      rowsDone: 0,
      startedAt: sql`now()`,
      heartbeatAt: sql`now()`,
    });
    await enqueue(tx, "import.run", { workspaceId: scope.workspaceId, importId: id });
    await audit(
      tx,
      scope,
      "import.start",
      { kind: "import", id },
      { rows: before.dryRun?.rows ?? 0, lists: before.listIds },
    );
  });
}

/** Goes back from the dry run, or from a failure before anything was written, to the columns. */
export async function changeMapping(db: Db, scope: Scope, id: string): Promise<void> {
  allow(scope, "write");
  const before = await getImport(db, scope, id);
  if (before.result) throw new Refusal("audience.import_state");
  const back = { status: "mapping" as const, dryRun: null, error: null, stage: "", rowsDone: 0, rowsTotal: null };
  await moveOn(db, scope, id, ["checked", "failed"], back);
}

/**
 * Stops an import. Nobody of it has been written then, and nobody will be: its one transaction rolls back. Refuses
 * `audience.import_state` once the people are there.
 */
export async function cancelImport(db: Db, scope: Scope, id: string): Promise<void> {
  allow(scope, "write");
  const before = await getImport(db, scope, id);
  await db.transaction(async (tx) => {
    const stopped = await tx
      .update(audienceImport)
      .set({ status: "cancelled", stage: "", finishedAt: sql`now()` })
      .where(
        and(
          inWorkspace(scope, id),
          inArray(audienceImport.status, ["mapping", "checking", "checked", "importing", "failed"]),
          isNull(audienceImport.result),
        ),
      )
      .returning({ id: audienceImport.id });
    if (stopped.length === 0) throw new Refusal("audience.import_state");
    await audit(tx, scope, "import.cancel", { kind: "import", id });
  });
  // Where no worker is at it, nobody else tidies up.
  if (before.status !== "checking" && before.status !== "importing") await dropImportTables(db, id);
}

/** The file of refused rows: where it is stored and what to call it. */
export async function getRejects(
  db: Db,
  scope: Scope,
  id: string,
): Promise<{ storageKey: string; name: string; bytes: number }> {
  allow(scope, "export");
  const { rejectsFileId } = await getImport(db, scope, id);
  if (!rejectsFileId) throw new NotFound("file");
  const [file] = await db
    .select()
    .from(storedFile)
    .where(and(eq(storedFile.workspaceId, scope.workspaceId), eq(storedFile.id, rejectsFileId)));
  if (!file) throw new NotFound("file");
  await audit(db, scope, "import.rejects", { kind: "import", id });
  return file;
}

/**
 * Rings again for imports whose worker has not been heard of for a minute: a job that was lost, or given up on while
 * the database was away. Harmless when somebody is at it after all.
 */
export async function reviveImports(db: Db): Promise<number> {
  const silent = await db
    .select({ workspaceId: audienceImport.workspaceId, importId: audienceImport.id, status: audienceImport.status })
    .from(audienceImport)
    .where(
      and(
        inArray(audienceImport.status, ["checking", "importing"]),
        lt(audienceImport.heartbeatAt, sql`now() - interval '60 seconds'`),
      ),
    );
  for (const { status, ...payload } of silent) {
    await enqueue(db, status === "checking" ? "import.check" : "import.run", payload);
  }
  return silent.length;
}

/**
 * The nightly tidying: removes files whose time is over (uploads after 7 days, refused rows after 90) and tables of
 * imports that are finished, or that nobody has gone on with since their file went.
 */
export async function tidyImports(db: Db, storage: Storage): Promise<{ files: number; tables: number }> {
  const expired = await db.select().from(storedFile).where(lt(storedFile.expiresAt, sql`now()`)).limit(10_000);
  for (const file of expired) {
    await storage.remove(file.storageKey);
    await db.delete(storedFile).where(and(eq(storedFile.workspaceId, file.workspaceId), eq(storedFile.id, file.id)));
  }
  await db
    .update(audienceImport)
    .set({ status: "cancelled", stage: "", finishedAt: sql`now()` })
    .where(
      and(
        inArray(audienceImport.status, ["mapping", "checked"]),
        sql`not exists (select from stored_file f where f.workspace_id = ${audienceImport.workspaceId} and f.id = ${audienceImport.fileId})`,
      ),
    );
  const inUse = await db
    .select({ id: audienceImport.id })
    .from(audienceImport)
    .where(inArray(audienceImport.status, ["checking", "checked", "importing"]));
  const keep = new Set(inUse.map((row) => row.id));
  const unused = (await listImportTables(db)).filter((id) => !keep.has(id));
  for (const id of unused) await dropImportTables(db, id);
  return { files: expired.length, tables: unused.length };
}

/** Changes the state of an import that is in one of `from`; refuses `audience.import_state` otherwise. */
async function moveOn(
  tx: Db,
  scope: Scope,
  id: string,
  from: ImportStatus[],
  change: Parameters<ReturnType<typeof tx.update<typeof audienceImport>>["set"]>[0],
): Promise<void> {
  const moved = await tx
    .update(audienceImport)
    .set(change)
    .where(and(inWorkspace(scope, id), inArray(audienceImport.status, from)))
    .returning({ id: audienceImport.id });
  if (moved.length === 0) throw new Refusal("audience.import_state");
}

async function refuseWrongTargets(tx: Db, scope: Scope, mapping: MappingInput["mapping"]): Promise<void> {
  const targets = mapping.filter((target) => target !== null);
  if (!targets.includes("email")) throw new Refusal("audience.import_no_email");
  const twice = targets.find((target, i) => targets.indexOf(target) !== i);
  if (twice) throw new Refusal("audience.import_target_twice", { target: twice.replace("field:", "") });
  const known = new Set((await listFields(tx, scope)).map((field) => `field:${field.key}`));
  if (targets.some((target) => target.startsWith("field:") && !known.has(target))) throw new NotFound("field");
}

function inWorkspace(scope: Pick<Scope, "workspaceId">, id: string) {
  return and(eq(audienceImport.workspaceId, scope.workspaceId), eq(audienceImport.id, id));
}
