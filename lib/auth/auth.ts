import { type BetterAuthPlugin, betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { organization } from "better-auth/plugins/organization";
import * as schema from "#drizzle/schema/auth.ts";
import { config } from "../config.ts";
import type { Db } from "../db.ts";
import { newId } from "../ids.ts";
import { audit } from "./audit.ts";
import { passwordMaxLength, passwordMinLength } from "./input.ts";

/**
 * The login machinery: better-auth over our tables, with the organisation plugin as workspaces. Nobody signs up:
 * the first owner comes from setUp(), others by invitation. `plugins` lets the web add its cookie handling.
 */
export function createAuth(db: Db, plugins: BetterAuthPlugin[] = []) {
  const { PUBLIC_URL, POSTHORN_SECRET, PORT } = config();
  const secure = PUBLIC_URL.startsWith("https:");
  return betterAuth({
    appName: "Posthorn",
    baseURL: PUBLIC_URL,
    basePath: "/api/auth",
    secret: POSTHORN_SECRET,
    trustedOrigins: secure ? [PUBLIC_URL] : [PUBLIC_URL, `http://localhost:${PORT}`, `http://127.0.0.1:${PORT}`],
    database: drizzleAdapter(db, {
      provider: "pg",
      schema: {
        user: schema.user,
        session: schema.session,
        account: schema.account,
        verification: schema.verification,
        organization: schema.workspace,
        member: schema.member,
        invitation: schema.invitation,
      },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordMinLength,
      maxPasswordLength: passwordMaxLength,
    },
    session: { expiresIn: 30 * 24 * 3600, updateAge: 24 * 3600 },
    // Its own limiter guards only its HTTP routes, which are not mounted; login-limits.ts guards ours.
    rateLimit: { enabled: false },
    advanced: {
      useSecureCookies: secure,
      cookiePrefix: "posthorn",
      database: { generateId: () => newId() },
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", secure },
    },
    databaseHooks: {
      session: {
        create: {
          after: async (session) => {
            await audit(db, { workspaceId: null, userId: session.userId }, "login");
          },
        },
      },
    },
    telemetry: { enabled: false },
    logger: { level: "error" },
    plugins: [organization({ allowUserToCreateOrganization: false }), ...plugins],
  });
}

export type Auth = ReturnType<typeof createAuth>;
