import { lookup } from "node:dns";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isLoopback, mayReach, type PrivateHosts } from "../private-hosts.ts";

/** What a token endpoint answered, or why there is no answer. */
export type Answer =
  | { ok: true; status: number; body: string }
  | { ok: false; reason: "unreachable" | "private" | "too_big"; words: string };

const deadlineMs = 10_000;
const mostBytes = 64 * 1024;

/**
 * Posts a form over https and returns the answer, whatever its status. Within caps on size and time; a redirect is an
 * answer like any other and is not followed; the name is resolved once, and an address that may not be reached
 * (lib/private-hosts.ts) is not connected to. Plain http goes to this machine itself only. Never throws.
 */
export function postForm(url: URL, fields: Record<string, string>, privateHosts: PrivateHosts): Promise<Answer> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !mayReach(host, host, privateHosts)) return Promise.resolve(notReachable(host));
  const body = new URLSearchParams(fields).toString();
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === privateCode ? notReachable(host) : { ok: false, reason: "unreachable", words: error.message },
      );
    if (url.protocol === "http:" && isIP(host) !== 0 && !isLoopback(host)) return fail(new Error(noPlainHttp));
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(
      url,
      {
        method: "POST",
        agent: false,
        signal: AbortSignal.timeout(deadlineMs),
        lookup: guardedLookup(host, privateHosts, url.protocol === "http:"),
        headers: {
          accept: "application/json",
          "content-type": "application/x-www-form-urlencoded",
          "content-length": Buffer.byteLength(body),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= mostBytes) chunks.push(chunk);
          else {
            resolve({ ok: false, reason: "too_big", words: `The answer of ${host} is larger than ${mostBytes} bytes` });
            request.destroy();
          }
        });
        response.on("end", () =>
          resolve({ ok: true, status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
        );
        response.on("error", fail);
      },
    );
    request.on("error", fail);
    request.end(body);
  });
}

const privateCode = "EPRIVATE";
const noPlainHttp = "The connection has to be encrypted (https)";

function notReachable(host: string): Answer {
  return { ok: false, reason: "private", words: `${host} is inside of a private network` };
}

/** Gives the connection only addresses it may use, so that what is checked is what is connected to. */
function guardedLookup(host: string, privateHosts: PrivateHosts, plain: boolean): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, "", 0);
      const allowed = found.filter(({ address }) => mayReach(host, address, privateHosts));
      if (allowed.length === 0) return callback(Object.assign(new Error("private"), { code: privateCode }), "", 0);
      if (plain && !allowed.every(({ address }) => isLoopback(address))) return callback(new Error(noPlainHttp), "", 0);
      if (options.all) return callback(null, allowed);
      const [first] = allowed;
      callback(null, first?.address ?? "", first?.family ?? 0);
    });
  };
}
