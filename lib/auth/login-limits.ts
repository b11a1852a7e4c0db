import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Pool } from "../db.ts";
import { Refusal } from "../errors.ts";

/*
 * Brute force is slowed per account and per client address. An attempt is counted before the password is looked at, or
 * a thousand at once would all come before the first failure. A success is taken back and clears the account's counter
 * alone, so a guesser cannot reset an address by logging in elsewhere.
 */

const limiters = new WeakMap<Pool, { account: RateLimiterPostgres; client: RateLimiterPostgres }>();

function limitersOf(pool: Pool) {
  let found = limiters.get(pool);
  if (!found) {
    const shared = {
      // Without the names it gives its statements: behind a pooler the next one may come to another session.
      storeClient: { query: ({ text, values }: { text: string; values: unknown[] }) => pool.query(text, values) },
      storeType: "pool",
      tableName: "rate_limit",
      tableCreated: true,
      clearExpiredByTimeout: false,
    };
    found = {
      account: new RateLimiterPostgres({
        ...shared,
        keyPrefix: "login-account",
        points: 8,
        duration: 15 * 60,
      }),
      client: new RateLimiterPostgres({
        ...shared,
        keyPrefix: "login-client",
        points: 40,
        duration: 15 * 60,
      }),
    };
    limiters.set(pool, found);
  }
  return found;
}

const accountKey = (email: string) => createHash("sha256").update(email).digest("base64url");

/**
 * Counts a login that is about to be tried. Refuses with `auth.too_many_attempts` while an account or a client address
 * has failed too often; an attempt that is refused does not count.
 */
export async function countLogin(pool: Pool, email: string, clientAddress: string): Promise<void> {
  const { account, client } = limitersOf(pool);
  const key = accountKey(email);
  for (const state of await Promise.all([account.get(key), client.get(clientAddress)])) {
    if (state && state.remainingPoints <= 0) throw tooMany(state);
  }
  const results = await Promise.allSettled([account.consume(key), client.consume(clientAddress)]);
  for (const result of results) {
    if (result.status === "fulfilled") continue;
    // A limiter rejects with its state when the limit is reached: that is an answer. Anything else is a fault.
    throw result.reason instanceof RateLimiterRes ? tooMany(result.reason) : result.reason;
  }
}

/** After a good login: forgets the account's failures, and the attempt itself for the address. */
export async function forgetLogin(pool: Pool, email: string, clientAddress: string): Promise<void> {
  const { account, client } = limitersOf(pool);
  await Promise.all([account.delete(accountKey(email)), client.reward(clientAddress)]);
}

function tooMany(state: RateLimiterRes): Refusal {
  return new Refusal("auth.too_many_attempts", { minutes: Math.max(1, Math.ceil(state.msBeforeNext / 60_000)) });
}
