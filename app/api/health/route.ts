import { pool } from "#lib/db.ts";

export const dynamic = "force-dynamic";

/** 200 when this process can answer and reach the database, 503 otherwise. */
export async function GET(): Promise<Response> {
  try {
    await pool().query("select 1");
    return Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
  } catch {
    return Response.json({ status: "database_away" }, { status: 503, headers: { "cache-control": "no-store" } });
  }
}
