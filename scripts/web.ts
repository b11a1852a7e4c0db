import { createServer } from "node:http";
import next from "next";
import { config } from "#lib/config.ts";
import { log } from "#lib/log.ts";
import { clientAddresses } from "#lib/trusted-proxies.ts";

/*
 * The web process: Next behind a plain HTTP server that knows who is really calling. `node scripts/web.ts`, with the
 * built app in place; HOST and PORT say where it listens.
 */

const { HOST: hostname, PORT: port, TRUSTED_PROXIES } = config();
const { trusts, clientOf } = clientAddresses(TRUSTED_PROXIES);
const app = next({ dev: false, dir: `${import.meta.dirname}/..`, hostname, port });
const handle = app.getRequestHandler();
await app.prepare();

const server = createServer((request, response) => {
  const peer = request.socket.remoteAddress ?? "";
  const { headers } = request;
  const forwardedFor = headers["x-forwarded-for"];
  headers["x-posthorn-client"] = clientOf(peer, Array.isArray(forwardedFor) ? forwardedFor.join(",") : forwardedFor);
  if (!trusts(peer)) {
    for (const name of ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "forwarded"])
      delete headers[name];
  }
  handle(request, response).catch((err) => {
    log.error({ err }, "a request failed");
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
// An upload of a gigabyte over a slow line takes longer than Node's five minutes.
server.requestTimeout = 2 * 3600 * 1000;
server.keepAliveTimeout = 65_000;
server.listen(port, hostname, () => log.info({ hostname, port }, "web is ready"));
server.on("error", (err) => {
  log.fatal({ err }, "the web server cannot listen");
  process.exit(1);
});

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  // Live progress streams never end by themselves.
  setTimeout(() => process.exit(0), 2000).unref();
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
