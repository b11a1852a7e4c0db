import { hostname } from "node:os";
import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";

/** Says that this worker lives and how fast it sends. Rows of workers that have not been heard of for a day go. */
export async function sayAlive(db: Db, id: string, messagesPerSecond: number): Promise<void> {
  await db.execute(sql`
    with gone as (delete from worker where seen_at < clock_timestamp() - interval '1 day' and id <> ${id})
    insert into worker (id, host, pid, messages_per_second)
    values (${id}, ${hostname().slice(0, 200)}, ${process.pid}, ${messagesPerSecond}::real)
    on conflict (id) do update set seen_at = clock_timestamp(), messages_per_second = excluded.messages_per_second`);
}

/** It has ended in order. */
export async function sayGone(db: Db, id: string): Promise<void> {
  await db.execute(sql`delete from worker where id = ${id}`);
}
