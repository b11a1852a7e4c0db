import { domainToASCII } from "node:url";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { audit } from "../auth/audit.ts";
import { allow } from "../auth/roles.ts";
import type { Scope } from "../auth/scope.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";

/*
 * What a person sets about lanes: caps of a receiving domain, and the end of a slow-down. How a lane is slowed and how
 * its rate comes back is delivery's own doing.
 */

/** A receiving domain as A-labels in lower case, or the short name of a provider ("gmail"). */
const laneName = z
  .string()
  .trim()
  .min(1, "required")
  .max(253, "too_long")
  .transform((typed) => domainToASCII(typed.replace(/^@/, "")))
  .refine((name) => /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/.test(name), "lane_name");

const between = (least: number, most: number) =>
  z.coerce
    .number("not_a_number")
    .refine((n) => n >= least && n <= most, { error: "number_out_of_range", params: { least, most } });
const wholeNumber = (least: number, most: number) =>
  z.coerce
    .number("not_a_number")
    .refine((n) => Number.isInteger(n) && n >= least && n <= most, { error: "out_of_range", params: { least, most } });

/** An empty field of a form is no cap. */
const cap = <S extends z.ZodType>(value: S) =>
  z.preprocess((v) => (v === "" || v === null ? null : v), value.nullable());

export const laneCapsInput = z.strictObject({
  name: laneName,
  connections: cap(wholeNumber(1, 1000)),
  /** May be a fraction: 0.1 is one message in ten seconds. */
  ratePerSecond: cap(between(0.01, 100_000)),
});
export type LaneCapsInput = z.output<typeof laneCapsInput>;

export const laneInput = z.strictObject({ name: laneName });

/** Sets the caps of a lane, whether or not mail went there before; both null = none of its own. */
export async function saveLaneCaps(db: Db, scope: Scope, input: LaneCapsInput): Promise<void> {
  allow(scope, "manage");
  const { name, connections, ratePerSecond } = input;
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into lane (workspace_id, name, connections, rate_per_second)
      values (${scope.workspaceId}, ${name}, ${connections}, ${ratePerSecond})
      on conflict (workspace_id, name) do update
        set connections = excluded.connections, rate_per_second = excluded.rate_per_second, updated_at = clock_timestamp()`);
    await audit(tx, scope, "lane.caps", { kind: "lane", id: name }, { connections, ratePerSecond });
  });
}

/** Ends a slow-down before its time: the next messages go at full rate again. Its caps stay. */
export async function forgetSlowDown(db: Db, scope: Scope, name: string): Promise<void> {
  allow(scope, "manage");
  await db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ name: string }>(sql`
      update lane set slowed_rate = null, slowed_at = null, raise_at = null, detail = null, next_at = null,
        updated_at = clock_timestamp()
      where workspace_id = ${scope.workspaceId} and name = ${name} and slowed_rate is not null
      returning name`);
    if (rows.length === 0) throw new NotFound("lane");
    await audit(tx, scope, "lane.forget_slow_down", { kind: "lane", id: name });
  });
}
