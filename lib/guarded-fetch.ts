import type { LookupAddress } from "node:dns";
import { lookup as resolve } from "node:dns/promises";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { Refusal } from "./errors.ts";
import { mayReach, type PrivateHosts } from "./private-hosts.ts";

export interface FetchLimits {
  maxBytes: number;
  /** For everything together, redirects included. */
  maxSeconds: number;
  privateHosts: PrivateHosts;
  accept?: string;
}

const mostRedirects = 5;

/**
 * Fetches an address that somebody typed. Only http and https, only to addresses that may be reached: a name is looked
 * up once per step, judged, and connected to at exactly the address that was judged; each redirect anew. Sends no
 * cookie and no login. Refuses `fetch.bad_address`, `fetch.private_host`, `fetch.unreachable`, `fetch.status` (detail
 * `status`), `fetch.too_many_redirects`, `fetch.too_slow` and `storage.too_large`.
 */
export async function guardedFetch(address: string, limits: FetchLimits): Promise<{ body: Buffer; url: URL }> {
  const signal = AbortSignal.timeout(limits.maxSeconds * 1000);
  let url = parse(address);
  for (let step = 0; step <= mostRedirects; step++) {
    const response = await ask(url, limits, signal);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (status >= 300 && status < 400 && location) {
      response.destroy();
      url = parse(location, url);
      continue;
    }
    if (status !== 200) {
      response.destroy();
      throw new Refusal("fetch.status", { status });
    }
    return { body: await readBody(response, url.hostname, limits.maxBytes, signal), url };
  }
  throw new Refusal("fetch.too_many_redirects");
}

function parse(address: string, base?: URL): URL {
  const url = URL.parse(address, base);
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username || url.password)
    throw new Refusal("fetch.bad_address");
  return url;
}

async function ask(url: URL, { privateHosts, accept }: FetchLimits, signal: AbortSignal): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const target = await judgedAddress(host, privateHosts);
  // Only what was judged: a second look-up could answer something else.
  const lookup: LookupFunction = (_host, options, done) =>
    options.all ? done(null, [target]) : done(null, target.address, target.family);
  return new Promise((settle, fail) => {
    const request = (url.protocol === "https:" ? requestHttps : requestHttp)(
      url,
      {
        lookup,
        signal,
        agent: false,
        headers: { accept: accept ?? "*/*", "accept-encoding": "identity", "user-agent": "Posthorn" },
      },
      settle,
    );
    request.on("error", () => fail(new Refusal(signal.aborted ? "fetch.too_slow" : "fetch.unreachable", { host })));
    request.end();
  });
}

async function judgedAddress(host: string, privateHosts: PrivateHosts): Promise<LookupAddress> {
  const literal = isIP(host);
  const found = literal
    ? [{ address: host, family: literal }]
    : await resolve(host, { all: true }).catch((): LookupAddress[] => []);
  if (found.length === 0) throw new Refusal("fetch.unreachable", { host });
  const allowed = found.find(({ address }) => mayReach(host, address, privateHosts));
  if (!allowed) throw new Refusal("fetch.private_host", { host });
  return allowed;
}

async function readBody(
  response: IncomingMessage,
  host: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > maxBytes) throw new Refusal("storage.too_large", { maxBytes });
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(signal.aborted ? "fetch.too_slow" : "fetch.unreachable", { host });
  }
  return Buffer.concat(parts);
}
