import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { field } from "#drizzle/schema/audience.ts";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound, Refusal } from "../errors.ts";
import type { FieldInput } from "./input.ts";
import { isUniqueViolation } from "./unique-violation.ts";

export type Field = typeof field.$inferSelect;

const mostFields = 200;
const longestKey = 40;

/** Words that mean something in a merge tag already. */
const reservedKeys = new Set([
  "id",
  "email",
  "name",
  "first_name",
  "last_name",
  "full_name",
  "language",
  "status",
  "source",
  "created_at",
  "subscriber",
  "campaign",
  "workspace",
  "sender",
  "list",
  "lists",
  "unsubscribe_url",
  "unsubscribe",
  "view_url",
  "true",
  "false",
  "nil",
  "null",
  "empty",
  "blank",
  "size",
  "first",
  "last",
  "constructor",
  "prototype",
  "to_string",
]);

/**
 * Adds a custom field. Its key, which merge tags use, is made from the label once and never changes. Refuses
 * `audience.field_key_taken`, `audience.field_key_reserved`, `audience.field_key_empty` and `audience.too_many_fields`.
 */
export async function createField(db: Db, scope: Scope, input: FieldInput): Promise<Field> {
  allow(scope, "write");
  const key = fieldKey(input.label);
  if (key === "") throw new Refusal("audience.field_key_empty");
  if (reservedKeys.has(key)) throw new Refusal("audience.field_key_reserved", { key });
  return db.transaction(async (tx) => {
    const [room] = await tx
      .select({ fields: sql<number>`count(*)::int`, last: sql<number>`coalesce(max(${field.position}), 0)` })
      .from(field)
      .where(eq(field.workspaceId, scope.workspaceId));
    if ((room?.fields ?? 0) >= mostFields) throw new Refusal("audience.too_many_fields", { most: mostFields });
    const values = { workspaceId: scope.workspaceId, key, label: input.label, type: input.type };
    try {
      const [made] = await tx
        .insert(field)
        .values({ ...values, position: (room?.last ?? 0) + 1 })
        .returning();
      if (!made) throw new Error("an insert returned no row");
      await audit(tx, scope, "field.create", { kind: "field", id: made.id }, { key, type: input.type });
      return made;
    } catch (error) {
      if (isUniqueViolation(error, "field_key")) throw new Refusal("audience.field_key_taken", { key });
      throw error;
    }
  });
}

/** Changes what a field is called in the console. Its key and type stay: stored values and templates rely on them. */
export async function renameField(db: Db, scope: Scope, input: { id: string; label: string }): Promise<void> {
  allow(scope, "write");
  const changed = await db.update(field).set({ label: input.label }).where(inWorkspace(scope, input.id)).returning();
  if (changed.length === 0) throw new NotFound("field");
}

/** Hides a field from forms and pickers, or takes it back. Stored values stay, and templates that use it still work. */
export async function archiveField(db: Db, scope: Scope, input: { id: string; archived: boolean }): Promise<void> {
  allow(scope, "write");
  await db.transaction(async (tx) => {
    const [changed] = await tx
      .update(field)
      .set({ archivedAt: input.archived ? sql`coalesce(${field.archivedAt}, now())` : null })
      .where(inWorkspace(scope, input.id))
      .returning();
    if (!changed) throw new NotFound("field");
    const action = input.archived ? "field.archive" : "field.restore";
    await audit(tx, scope, action, { kind: "field", id: input.id }, { key: changed.key });
  });
}

/** The fields of a workspace in their order, without the archived ones unless asked for. */
export async function listFields(
  db: Db,
  scope: Pick<Scope, "workspaceId">,
  { archived }: { archived: "without" | "only" | "with" } = { archived: "without" },
): Promise<Field[]> {
  const which = {
    without: isNull(field.archivedAt),
    only: sql`${field.archivedAt} is not null`,
    with: undefined,
  }[archived];
  return db
    .select()
    .from(field)
    .where(and(eq(field.workspaceId, scope.workspaceId), which))
    .orderBy(asc(field.position), asc(field.id));
}

/** "Città preferita" → "citta_preferita": what a merge tag can be spelt with. Empty when nothing is left of the label. */
export function fieldKey(label: string): string {
  const plain = label.replaceAll("ß", "ss").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const key = plain
    .replace(/[^a-z0-9]+/g, "_")
    .slice(0, longestKey)
    .replace(/^_+|_+$/g, "");
  return /^[0-9]/.test(key) ? `f_${key}`.slice(0, longestKey) : key;
}

function inWorkspace(scope: Pick<Scope, "workspaceId">, id: string) {
  return and(eq(field.workspaceId, scope.workspaceId), eq(field.id, id));
}
