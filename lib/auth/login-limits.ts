import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Pool } from "../db.ts";
import { Refusal } from "../errors.ts";

/*
 * Brute force is slowed per account and per client address. Only failures count, and a success clears the account's
 * counter alone, so a guesser cannot reset an address by logging in elsewhere.
 */

const limiters = new WeakMap<Pool, { account: RateLimiterPostgres; client: RateLimiterPostgres }>();

function limitersOf(pool: Pool) {
  let found = limiters.get(pool);
  if (!found) {
    const shared = {
      storeClient: pool,
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
        blockDuration: 5 * 60,
      }),
      client: new RateLimiterPostgres({
        ...shared,
        keyPrefix: "login-client",
        points: 40,
        duration: 15 * 60,
        blockDuration: 15 * 60,
      }),
    };
    limiters.set(pool, found);
  }
  return found;
}

const accountKey = (email: string) => createHash("sha256").update(email).digest("base64url");

/** Refuses with `auth.too_many_attempts` while an account or a client address has failed too often. */
export async function checkLoginLimits(pool: Pool, email: string, clientAddress: string): Promise<void> {
  const { account, client } = limitersOf(pool);
  const states = await Promise.all([account.get(accountKey(email)), client.get(clientAddress)]);
  for (const state of states) {
    if (state && state.remainingPoints <= 0) {
      throw new Refusal("auth.too_many_attempts", { minutes: Math.max(1, Math.ceil(state.msBeforeNext / 60_000)) });
    }
  }
}

/** Counts a failed login. */
export async function countFailedLogin(pool: Pool, email: string, clientAddress: string): Promise<void> {
  const { account, client } = limitersOf(pool);
  const results = await Promise.allSettled([account.consume(accountKey(email)), client.consume(clientAddress)]);
  for (const result of results) {
    // A limiter rejects with its state when the limit is reached: that is an answer. Anything else is a fault.
    if (result.status === "rejected" && !(result.reason instanceof RateLimiterRes)) throw result.reason;
  }
}

/** Forgets an account's failures after a good login. */
export async function clearFailedLogins(pool: Pool, email: string): Promise<void> {
  await limitersOf(pool).account.delete(accountKey(email));
}
