import { headers } from "next/headers";

/**
 * The caller's address, for limits. scripts/web.ts writes this header from the socket (or from a trusted proxy's
 * X-Forwarded-For) and throws away what a client sent under its name.
 */
export async function clientAddress(): Promise<string> {
  return (await headers()).get("x-posthorn-client") ?? "unknown";
}
