import { nextCookies } from "better-auth/next-js";
import { type Auth, createAuth } from "#lib/auth/auth.ts";
import { db } from "#lib/db.ts";

let auth: Auth | undefined;

/** better-auth for the web process: it may set cookies from server actions. */
export function webAuth(): Auth {
  auth ??= createAuth(db(), [nextCookies()]);
  return auth;
}
