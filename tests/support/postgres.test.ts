import pg from "pg";
import { expect, test } from "vitest";
import { createTestDatabase } from "./postgres.ts";

test("two test databases have the schema and share no row", async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const clients = [one, two].map(({ url }) => new pg.Client({ connectionString: url }));
  for (const client of clients) await client.connect();
  const [first, second] = clients as [pg.Client, pg.Client];
  await first.query("create table planted (id int)");
  await expect(second.query("select from planted")).rejects.toThrow("does not exist");
  for (const client of clients) await client.end();
  await Promise.all([one.drop(), two.drop()]);
});
