import { createHmac } from "node:crypto";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerAuthentication } from "smtp-server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { certificateAuthority, selfSignedCertificate } from "#tests/support/self-signed-certificate.ts";
import { TokenEndpoint } from "#tests/support/token-endpoint.ts";
import type { SenderLogin } from "../senders/resolve.ts";
import { testConnection } from "./explain.ts";
import { openConnection } from "./smtp.ts";
import type { SenderOptions } from "./transport.ts";

const servers: SMTPServer[] = [];
let endpoint: TokenEndpoint;
/** What the mail server was given, login by login. */
let logins: SMTPServerAuthentication[];
/** Access tokens the mail server accepts. */
let goodTokens: Set<string>;

beforeEach(async () => {
  endpoint = await TokenEndpoint.start();
  logins = [];
  goodTokens = new Set(["token-1"]);
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  await endpoint.stop();
});

type Start = { authMethods: string[]; key?: string; cert?: string; secure?: boolean };

/** smtp-server, which is not ours: it decides what a right login is. */
async function start({ authMethods, ...tls }: Start): Promise<number> {
  const server = new SMTPServer({
    name: "mail.test",
    authMethods,
    ...tls,
    ...(tls.key ? {} : { hideSTARTTLS: true, allowInsecureAuth: true }),
    logger: false,
    closeTimeout: 100,
    onAuth(auth, _session, callback) {
      logins.push(auth);
      if (auth.method === "XOAUTH2") {
        const ok = auth.username === "news@from.test" && goodTokens.has(auth.accessToken ?? "");
        return callback(null, ok ? { user: "news" } : { data: { status: "401", schemes: "bearer" } });
      }
      const ok =
        auth.username === "news@from.test" &&
        (auth.method === "CRAM-MD5" ? auth.validatePassword("right") : auth.password === "right");
      callback(ok ? null : new Error("no such login"), ok ? { user: "news" } : undefined);
    },
  });
  servers.push(server);
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.server.address() as AddressInfo).port;
}

const options = (port: number, login: SenderLogin, changes: Partial<SenderOptions> = {}): SenderOptions => ({
  host: "localhost",
  port,
  tlsMode: "none",
  verifyCertificate: true,
  login,
  timeouts: { connect: 2000, greeting: 2000, command: 2000 },
  ...changes,
});

const withPassword = (method: SenderLogin["method"], password = "right"): SenderLogin => ({
  username: "news@from.test",
  password,
  ...(method ? { method } : {}),
});

let clients = 0;
/** Each test is a client of its own, so that no token of another is kept for it. */
const withToken = (changes: Partial<NonNullable<SenderLogin["oauth"]>> = {}): SenderLogin => ({
  username: "news@from.test",
  password: "",
  method: "xoauth2",
  oauth: {
    tokenUrl: endpoint.url,
    clientId: `client-${clients}`,
    scope: "https://mail.test/",
    clientSecret: "hush-hush",
    refreshToken: "1//refresh",
    ...changes,
  },
});
beforeEach(() => {
  clients++;
});

async function open(given: SenderOptions) {
  const opened = await openConnection(given);
  if (!opened.ok) return opened.outcome;
  await opened.connection.quit();
  return "open" as const;
}

const everything = ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"];

test.each(["plain", "login", "cram-md5"] as const)(
  "%s logs in when it is chosen, whatever else is offered",
  async (method) => {
    const port = await start({ authMethods: everything });
    expect(await open(options(port, withPassword(method)))).toBe("open");
    expect(logins.map((auth) => auth.method)).toEqual([method.toUpperCase()]);
    expect(await open(options(port, withPassword(method, "wrong")))).toMatchObject({
      kind: "reply",
      phase: "auth",
      code: 535,
    });
  },
);

test("CRAM-MD5 sends no password: the answer is worth nothing for another challenge", async () => {
  const port = await start({ authMethods: ["CRAM-MD5"] });
  await open(options(port, withPassword("cram-md5")));
  const [auth] = logins;
  expect(auth?.password).toBeUndefined();
  expect(JSON.stringify(auth)).not.toContain("right");
  const expected = createHmac("md5", "right")
    .update(auth?.challenge ?? "")
    .digest("hex");
  expect(auth?.challengeResponse).toBe(expected);
});

test.each([
  ["plain", ["CRAM-MD5", "XOAUTH2"]],
  ["login", ["PLAIN"]],
  ["cram-md5", ["PLAIN", "LOGIN"]],
  ["xoauth2", ["PLAIN", "LOGIN"]],
  ["auto", ["XOAUTH2"]],
] as const)(
  "%s that is not offered is the sender's trouble; nothing weaker gets the password instead",
  async (method, offered) => {
    const port = await start({ authMethods: [...offered] });
    const login = method === "xoauth2" ? withToken() : withPassword(method);
    const outcome = await open(options(port, login));
    expect(outcome).toMatchObject({ kind: "network", phase: "auth", bodyHandedOver: false });
    expect(outcome).toMatchObject({ error: expect.stringContaining(offered.join(", ")) });
    expect(logins).toEqual([]);
    expect(endpoint.asked).toEqual([]);
    const shown = await testConnection(options(port, login));
    expect(shown.advice.map((advice) => advice.code)).toEqual(["method_not_offered"]);
    expect(shown.steps.at(-1)).toMatchObject({ step: "auth", ok: false });
  },
);

test("a user name without a password is said to be that, and nothing is tried", async () => {
  const port = await start({ authMethods: everything });
  const shown = await testConnection(options(port, withPassword("auto", "")));
  expect(shown.advice[0]?.code).toBe("password_missing");
  expect(logins).toEqual([]);
});

describe("XOAUTH2", () => {
  test("gets an access token for the refresh token and logs in with it", async () => {
    const port = await start({ authMethods: everything });
    expect(await open(options(port, withToken()))).toBe("open");
    expect(endpoint.asked).toEqual([
      {
        path: "/token",
        fields: {
          grant_type: "refresh_token",
          client_id: `client-${clients}`,
          client_secret: "hush-hush",
          refresh_token: "1//refresh",
          scope: "https://mail.test/",
        },
      },
    ]);
    expect(logins).toMatchObject([{ method: "XOAUTH2", username: "news@from.test", accessToken: "token-1" }]);
  });

  test("ten connections at once and the ones after them share one token", async () => {
    const port = await start({ authMethods: everything });
    const login = withToken();
    const opened = await Promise.all(Array.from({ length: 10 }, () => open(options(port, login))));
    expect(new Set(opened)).toEqual(new Set(["open"]));
    expect(await open(options(port, login))).toBe("open");
    expect(endpoint.asked).toHaveLength(1);
  });

  test("a token that the mail server turns down is replaced once, and then it is the sender's trouble", async () => {
    const port = await start({ authMethods: everything });
    const login = withToken();
    await open(options(port, login));
    goodTokens = new Set(["token-2"]);
    expect(await open(options(port, login))).toBe("open");
    expect(logins.map((auth) => auth.accessToken)).toEqual(["token-1", "token-1", "token-2"]);
    goodTokens = new Set();
    expect(await open(options(port, login))).toMatchObject({ kind: "reply", phase: "auth", code: 535 });
    expect(endpoint.asked).toHaveLength(3);
    expect((await testConnection(options(port, login))).advice[0]?.code).toBe("oauth_login_refused");
  });

  test("a token that has run out is not used again", async () => {
    const port = await start({ authMethods: everything });
    const login = withToken();
    // Shorter than the minute that is kept in hand.
    endpoint.answer = { body: { access_token: "token-1", expires_in: 30 } };
    await open(options(port, login));
    await open(options(port, login));
    expect(endpoint.asked).toHaveLength(2);
  });

  test("a refresh token that came in place of the old one is stored, and its access token is not fetched again", async () => {
    const port = await start({ authMethods: everything });
    const stored: string[] = [];
    const keep = async (token: string) => {
      stored.push(token);
    };
    endpoint.answer = { body: { access_token: "token-1", expires_in: 3600, refresh_token: "1//second" } };
    await open(options(port, withToken({ keep })));
    expect(stored).toEqual(["1//second"]);
    expect(await open(options(port, withToken({ keep, refreshToken: "1//second" })))).toBe("open");
    expect(endpoint.asked).toHaveLength(1);
  });

  test.each([
    ["oauth_expired", { status: 400, body: { error: "invalid_grant", error_description: "Token has been revoked." } }],
    ["oauth_client", { status: 401, body: { error: "invalid_client" } }],
    ["oauth_scope", { status: 400, body: { error: "invalid_scope" } }],
    ["oauth_refused", { status: 500, raw: "<html>oops" }],
    ["oauth_refused", { status: 302, raw: "", headers: { location: "http://127.0.0.1:1/elsewhere" } }],
    ["oauth_refused", { body: { access_token: "two words\r\n" } }],
    ["oauth_refused", { body: ["not", "an", "object"] }],
    ["oauth_refused", { body: { token: "by another name" } }],
    ["oauth_unreachable", { raw: "x".repeat(100_000) }],
  ] as const)("explains %s (%#), and the mail server is not bothered", async (code, answer) => {
    const port = await start({ authMethods: everything });
    endpoint.answer = answer;
    const login = withToken();
    expect(await open(options(port, login))).toMatchObject({ kind: "network", phase: "auth" });
    const shown = await testConnection(options(port, login));
    expect(shown.advice.map((advice) => advice.code)).toEqual([code]);
    expect(shown.steps.at(-1)).toMatchObject({ step: "auth", ok: false });
    expect(shown.steps.at(-1)?.detail).toContain("127.0.0.1");
    expect(logins).toEqual([]);
  });

  test("an endpoint that repeats our secrets in its error does not get them shown", async () => {
    const port = await start({ authMethods: everything });
    endpoint.answer = { status: 400, body: { error: "invalid_grant", error_description: "hush-hush 1//refresh\r\nx" } };
    const shown = JSON.stringify(await testConnection(options(port, withToken())));
    expect(shown).not.toMatch(/hush-hush|1\/\/refresh/);
  });

  test("an endpoint that is not there, and one that this installation may not use, are told apart", async () => {
    const port = await start({ authMethods: everything });
    const gone = await TokenEndpoint.start();
    await gone.stop();
    const away = await testConnection(options(port, withToken({ tokenUrl: "http://127.0.0.1:9/token" })));
    expect(away.advice[0]?.code).toBe("oauth_unreachable");
    for (const host of ["169.254.169.254", "[::ffff:169.254.169.254]", "10.0.0.1"]) {
      const refused = await open(options(port, withToken({ tokenUrl: `http://${host}/token` })));
      expect(refused).toMatchObject({ error: expect.stringMatching(/private network|https/) });
    }
    const listed = options(port, withToken(), { privateHosts: ["localhost"] });
    expect(await open(listed)).toMatchObject({ error: expect.stringContaining("private network") });
    expect(endpoint.asked).toEqual([]);
  });

  test("without stored secrets it says what is missing", async () => {
    const port = await start({ authMethods: everything });
    const shown = await testConnection(options(port, { ...withToken(), oauth: null }));
    expect(shown.advice[0]?.code).toBe("oauth_missing");
  });
});

describe("certificates", () => {
  const authority = certificateAuthority("Acme internal CA");
  const login = withPassword("auto");

  test.each(["starttls", "implicit"] as const)(
    "a server with a certificate of a private authority is believed with that authority only (%s)",
    async (tlsMode) => {
      const port = await start({
        authMethods: ["PLAIN"],
        ...authority.issue("localhost"),
        secure: tlsMode === "implicit",
      });
      const secured = (authorities: string) => options(port, login, { tlsMode, authorities });
      expect(await open(secured(authority.cert))).toBe("open");
      expect(await open(secured(`${selfSignedCertificate().cert}${authority.cert}`))).toBe("open");
      for (const other of ["", selfSignedCertificate().cert, certificateAuthority("Acme internal CA").cert]) {
        const outcome = await testConnection(secured(other));
        expect(outcome.advice[0]?.code).toMatch(/^certificate_(untrusted|self_signed)$/);
      }
      expect(logins).toHaveLength(2);
    },
  );

  test("an authority does not vouch for another name", async () => {
    const port = await start({ authMethods: ["PLAIN"], ...authority.issue("mail.other.test") });
    const shown = await testConnection(options(port, login, { tlsMode: "starttls", authorities: authority.cert }));
    expect(shown.advice[0]?.code).toBe("certificate_name");
    expect(logins).toEqual([]);
  });
});

describe("private hosts", () => {
  test("a host that may not be used is not connected to, under whatever name, and the reason is given", async () => {
    const port = await start({ authMethods: ["PLAIN"] });
    const from = (host: string, privateHosts: SenderOptions["privateHosts"]) =>
      options(port, withPassword("auto"), { host, ...(privateHosts ? { privateHosts } : {}) });
    for (const host of ["localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1", "2130706433"]) {
      const outcome = await open(from(host, []));
      expect([host, outcome]).toEqual([
        host,
        { kind: "network", phase: "connect", bodyHandedOver: false, error: `${host} is inside of a private network` },
      ]);
    }
    expect((await testConnection(from("localhost", ["10.0.0.0/8"]))).advice[0]?.code).toBe("private_host");
    expect(logins).toEqual([]);
    expect(await open(from("localhost", ["localhost"]))).toBe("open");
    expect(await open(from("localhost", ["127.0.0.0/8"]))).toBe("open");
    expect(await open(from("localhost", "any"))).toBe("open");
  });
});
