import type pg from "pg";
import type { Db } from "./db.ts";

/** A statement with a name, so that each connection of the server parses and plans it once. */
export interface Statement {
  name: string;
  text: string;
}

/**
 * Runs one of the few statements that run many times a second, with values for its $1, $2, … Everything else goes
 * through drizzle. Named statements live in a session, so this is for direct connections: the workers'.
 */
export async function runStatement<R extends object>(db: Db, statement: Statement, values: unknown[]): Promise<R[]> {
  // drizzle keeps the pool, or the transaction's client, in its session.
  const { client } = db._.session as unknown as { client: pg.Pool | pg.PoolClient };
  const { rows } = await client.query<R>({ ...statement, values });
  return rows;
}

/** An array of uuids or numbers as PostgreSQL reads it: nothing in it has to be quoted, which pg would look for. */
export function plainArray(values: readonly (string | number)[]): string {
  return `{${values.join(",")}}`;
}
