import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { guardedFetch } from "./guarded-fetch.ts";

let server: Server;
let base: string;
let seen: Array<{ url: string; headers: Record<string, unknown> }> = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ url: request.url ?? "", headers: request.headers });
    const to = (location: string) => response.writeHead(302, { location }).end();
    switch (request.url) {
      case "/picture":
        return response.end("bytes of a picture");
      case "/moved":
        return to("/picture");
      case "/to-metadata":
        return to("http://169.254.169.254/latest/meta-data/");
      case "/to-inside":
        return to("http://10.0.0.1/");
      case "/to-file":
        return to("file:///etc/passwd");
      case "/round":
        return to("/round");
      case "/large":
        return response.end(Buffer.alloc(50_000));
      case "/slow":
        return response.write("a");
      case "/cut":
        response.writeHead(200, { "content-length": "100" }).write("a");
        return setImmediate(() => response.destroy());
      default:
        return response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const limits = { maxBytes: 10_000, maxSeconds: 5, privateHosts: ["127.0.0.1"] };
const codeOf = (address: string, more = {}) =>
  guardedFetch(address, { ...limits, ...more }).then(
    () => "fetched",
    (error) => error.code,
  );

describe("an address on the web", () => {
  test("is fetched, redirects followed, without cookie or login", async () => {
    seen = [];
    const { body, url } = await guardedFetch(`${base}/moved`, limits);
    expect(body.toString()).toBe("bytes of a picture");
    expect(url.pathname).toBe("/picture");
    expect(seen.map((one) => one.url)).toEqual(["/moved", "/picture"]);
    for (const { headers } of seen) expect(Object.keys(headers)).not.toContain("cookie");
  });

  test.each([
    ["127.0.0.1", (port: string) => `http://127.0.0.1:${port}/picture`],
    ["localhost", (port: string) => `http://localhost:${port}/picture`],
    ["a decimal address", (port: string) => `http://2130706433:${port}/picture`],
    ["an octal address", (port: string) => `http://0177.0.0.1:${port}/picture`],
    ["an IPv6 loopback", (port: string) => `http://[::1]:${port}/picture`],
    ["an IPv4 address in IPv6", (port: string) => `http://[::ffff:127.0.0.1]:${port}/picture`],
    ["a private network", () => "http://192.168.1.1/"],
    ["the metadata service", () => "http://169.254.169.254/latest/"],
    ["the unspecified address", (port: string) => `http://0.0.0.0:${port}/picture`],
  ])("inside is refused: %s", async (_what, address) => {
    seen = [];
    expect(await codeOf(address(new URL(base).port), { privateHosts: [] })).toBe("fetch.private_host");
    expect(seen).toEqual([]);
  });

  test("is judged again at each redirect", async () => {
    expect(await codeOf(`${base}/to-inside`)).toBe("fetch.private_host");
    expect(await codeOf(`${base}/to-metadata`, { privateHosts: "any" })).toBe("fetch.private_host");
    expect(await codeOf(`${base}/to-file`)).toBe("fetch.bad_address");
    expect(await codeOf(`${base}/round`)).toBe("fetch.too_many_redirects");
  });

  test.each(["file:///etc/passwd", "ftp://example.com/a.png", "data:image/png;base64,AAAA", "javascript:alert(1)"])(
    "of another kind is refused: %s",
    async (address) => expect(await codeOf(address)).toBe("fetch.bad_address"),
  );

  test("with a login in it is refused", async () => {
    expect(await codeOf("http://name:secret@example.com/a.png")).toBe("fetch.bad_address");
  });

  test("may be neither too large nor too slow nor missing nor cut off", async () => {
    expect(await codeOf(`${base}/large`)).toBe("storage.too_large");
    expect(await codeOf(`${base}/slow`, { maxSeconds: 0.3 })).toBe("fetch.too_slow");
    expect(await codeOf(`${base}/nothing`)).toBe("fetch.status");
    expect(await codeOf(`${base}/cut`)).toBe("fetch.unreachable");
    expect(await codeOf("http://no-such-host.invalid/a.png")).toBe("fetch.unreachable");
  });
});
