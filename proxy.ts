import { type NextRequest, NextResponse } from "next/server";
import { config as settings } from "#lib/config.ts";

/**
 * Gives every page its defensive headers, among them a content security policy with a fresh nonce: scripts run only
 * when we wrote them. It decides nothing about who may see what; that is lib's and the actions' business.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const development = process.env.NODE_ENV === "development";
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // Components position popups and size bars by style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "same-origin");
  response.headers.set("cross-origin-opener-policy", "same-origin");
  if (settings().PUBLIC_URL.startsWith("https:")) {
    response.headers.set("strict-transport-security", "max-age=31536000");
  }
  return response;
}

export const config = {
  // Pages only. Routes of their own set their own headers, and an upload must not be buffered here.
  matcher: ["/((?!api/|c/|m/|o/|u/|_next/|.*\\.(?:svg|png|ico|woff2)$).*)"],
};
