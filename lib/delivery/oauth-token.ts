import { createHash } from "node:crypto";
import { log } from "../log.ts";
import type { PrivateHosts } from "../private-hosts.ts";
import type { OauthLogin } from "../senders/resolve.ts";
import { postForm } from "./token-request.ts";

/** Why there is no access token; `explain-advice.ts` words each for a marketer. */
export type TokenTrouble = "oauth_expired" | "oauth_client" | "oauth_scope" | "oauth_unreachable" | "oauth_refused";

export type TokenResult = { ok: true; token: string } | { ok: false; trouble: TokenTrouble; words: string };

type Kept = { token: string; expiresAt: number };

const mostKept = 200;
/** A token is not used in its last minute, so that it does not end on the way. */
const marginMs = 60_000;

const kept = new Map<string, Kept>();
const underWay = new Map<string, Promise<TokenResult>>();

/**
 * An access token for XOAUTH2: one that was fetched before and still holds, or a fresh one for the refresh token
 * (RFC 6749, 6). `refused` is the token that the mail server has just turned down, which is not given again. Several
 * connections that ask at once share one request. Never throws; words never hold a secret.
 */
export async function accessToken(
  login: OauthLogin,
  privateHosts: PrivateHosts,
  refused: string | null = null,
): Promise<TokenResult> {
  const key = keyOf(login, login.refreshToken);
  const known = kept.get(key);
  if (known && known.token !== refused && known.expiresAt > Date.now()) return { ok: true, token: known.token };
  const running = underWay.get(key);
  if (running) return running;
  const fetching = fetchToken(login, privateHosts).finally(() => underWay.delete(key));
  underWay.set(key, fetching);
  return fetching;
}

async function fetchToken(login: OauthLogin, privateHosts: PrivateHosts): Promise<TokenResult> {
  const url = new URL(login.tokenUrl);
  const answer = await postForm(
    url,
    {
      grant_type: "refresh_token",
      client_id: login.clientId,
      ...(login.clientSecret ? { client_secret: login.clientSecret } : {}),
      refresh_token: login.refreshToken,
      ...(login.scope ? { scope: login.scope } : {}),
    },
    privateHosts,
  );
  if (!answer.ok)
    return { ok: false, trouble: "oauth_unreachable", words: `No access token from ${url.host}: ${answer.words}` };
  const body = parse(answer.body);
  const token = body.access_token;
  if (answer.status !== 200 || typeof token !== "string") return refusal(login, url, answer.status, body);
  // Goes into one line of SMTP as base64; anything but printable ASCII is no token (RFC 6750, 2.1).
  if (!/^[\x21-\x7e]{1,8000}$/.test(token))
    return { ok: false, trouble: "oauth_refused", words: `${url.host} gave something that is no access token` };
  keep(login, token, Number(body.expires_in), body.refresh_token);
  return { ok: true, token };
}

function keep(login: OauthLogin, token: string, expiresInSeconds: number, renewed: unknown): void {
  const seconds = expiresInSeconds > 0 ? Math.min(expiresInSeconds, 86_400) : 300;
  const entry = { token, expiresAt: Date.now() + seconds * 1000 - marginMs };
  const refreshTokens = [login.refreshToken];
  // Microsoft gives a new refresh token each time, and the old one ends some day.
  if (typeof renewed === "string" && renewed !== login.refreshToken && /^[\x21-\x7e]{1,4000}$/.test(renewed)) {
    refreshTokens.push(renewed);
    login.keep?.(renewed).catch((err) => log.warn({ err }, "a renewed refresh token could not be stored"));
  }
  for (const refreshToken of refreshTokens) kept.set(keyOf(login, refreshToken), entry);
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break;
    kept.delete(oldest);
  }
}

function keyOf(login: OauthLogin, refreshToken: string): string {
  const { tokenUrl, clientId, scope, clientSecret } = login;
  return createHash("sha256")
    .update(JSON.stringify([tokenUrl, clientId, scope, clientSecret, refreshToken]))
    .digest("base64");
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The errors of RFC 6749, 5.2. */
const troubles: Record<string, TokenTrouble> = {
  invalid_grant: "oauth_expired",
  invalid_client: "oauth_client",
  unauthorized_client: "oauth_client",
  invalid_scope: "oauth_scope",
};

function refusal(login: OauthLogin, url: URL, status: number, body: Record<string, unknown>): TokenResult {
  const error = typeof body.error === "string" ? body.error : "";
  const description = typeof body.error_description === "string" ? body.error_description : "";
  const said = [error, description].filter(Boolean).join(": ");
  const words = `${url.host} gave no access token (${status})${said ? `: ${presentable(said, login)}` : ""}`;
  return { ok: false, trouble: troubles[error] ?? "oauth_refused", words };
}

/** One line, not too long, and without a secret that the other side repeats. */
function presentable(text: string, { clientSecret, refreshToken }: OauthLogin): string {
  const hidden = [clientSecret, refreshToken].filter(Boolean).reduce((t, secret) => t.replaceAll(secret, "…"), text);
  return hidden.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").slice(0, 300);
}
