import { isIP } from "node:net";
import type { Hit } from "#lib/tracking/record.ts";
import { saysPrefetch } from "#lib/tracking/verdict.ts";

/** What a request for a pixel or a link says about itself. */
export function hitOf(request: Request, token: Hit["token"]): Hit {
  return {
    token,
    method: request.method === "HEAD" ? "HEAD" : "GET",
    isPrefetch: saysPrefetch((name) => request.headers.get(name)),
    userAgent: request.headers.get("user-agent") ?? "",
    ipAddress: clientIp(request),
    arrivedAtMs: performance.now(),
  };
}

/** As the web server saw it (or believed a trusted proxy); see clientAddress(). */
export function clientIp(request: Request): string | null {
  const address = request.headers.get("x-posthorn-client") ?? "";
  return isIP(address) ? address : null;
}
