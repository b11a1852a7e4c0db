import fc from "fast-check";
import { beforeEach, expect, test, vi } from "vitest";

const secrets = { old: "an-old-secret-an-old-secret-an-old-secret", new: "a-new-secret-a-new-secret-a-new-secret-a" };

/** The module as a process with these secrets sees it: keys are read once per process. */
async function tokensWith(secret: string, retired = "") {
  vi.resetModules();
  vi.stubEnv("DATABASE_URL", "postgres://unused.invalid/unused");
  vi.stubEnv("POSTHORN_SECRET", secret);
  vi.stubEnv("POSTHORN_RETIRED_SECRETS", retired);
  return import("./tokens.ts");
}

type Tokens = Awaited<ReturnType<typeof tokensWith>>;
let tokens: Tokens;

beforeEach(async () => {
  tokens = await tokensWith(secrets.new);
});

const id = fc.uuid({ version: 7 });
const workspaceNumber = fc.integer({ min: 0, max: 0xffff_ffff });
const anyToken = fc.oneof(
  fc.record({ purpose: fc.constant("open" as const), workspaceNumber, messageId: id }),
  fc.record({
    purpose: fc.constant("click" as const),
    workspaceNumber,
    messageId: id,
    linkPosition: fc.integer({ min: 0, max: 0xffff }),
  }),
  fc.record({ purpose: fc.constant("unsubscribe" as const), workspaceNumber, subscriberId: id, campaignId: id }),
);
const purposes = ["open", "click", "unsubscribe"] as const;

test("every token reads back as it was signed, for its own purpose only", () => {
  fc.assert(
    fc.property(anyToken, (token) => {
      const text = tokens.signToken(token);
      for (const purpose of purposes)
        expect(tokens.readToken(purpose, text)).toEqual(purpose === token.purpose ? token : null);
    }),
  );
});

test("a token has one length per purpose, is safe in a path and is at most 64 bytes", () => {
  fc.assert(
    fc.property(anyToken, (token) => {
      const text = tokens.signToken(token);
      expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(text).toHaveLength({ open: 51, click: 54, unsubscribe: 72 }[token.purpose]);
      expect(Buffer.from(text, "base64url").length).toBeLessThanOrEqual(64);
    }),
  );
});

test("no change of any character, however it is spelt, verifies", () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. %\0é";
  fc.assert(
    fc.property(anyToken, fc.nat(), fc.constantFrom(...alphabet), (token, where, character) => {
      const text = tokens.signToken(token);
      const at = where % text.length;
      const changed = text.slice(0, at) + character + text.slice(at + 1);
      if (changed !== text) expect(tokens.readToken(token.purpose, changed)).toBeNull();
    }),
    { numRuns: 2000 },
  );
});

test("no token that is cut, lengthened, repeated or put together from two verifies", () => {
  fc.assert(
    fc.property(anyToken, anyToken, fc.nat(), fc.string(), (one, other, where, more) => {
      const [a, b] = [tokens.signToken(one), tokens.signToken(other)];
      const at = where % a.length;
      for (const forged of [a.slice(0, at), a + more, more + a, a + a, a.slice(0, at) + b.slice(at), "", more]) {
        if (forged === a || forged === b) continue;
        for (const purpose of purposes) expect(tokens.readToken(purpose, forged)).toBeNull();
      }
    }),
    { numRuns: 500 },
  );
});

test("arbitrary bytes of the right length do not verify", () => {
  fc.assert(
    fc.property(fc.constantFrom(38, 40, 54), fc.infiniteStream(fc.nat(255)), (length, bytes) => {
      const text = Buffer.from([...bytes.take(length)]).toString("base64url");
      for (const purpose of purposes) expect(tokens.readToken(purpose, text)).toBeNull();
    }),
    { numRuns: 2000 },
  );
});

test("a retired secret still verifies and never signs; without it its tokens are worthless", async () => {
  const token = {
    purpose: "unsubscribe",
    workspaceNumber: 7,
    subscriberId: "01890a5d-ac96-774b-bcce-b302099a8057",
    campaignId: "01890a5d-ac96-774b-bcce-b302099a8058",
  } as const;
  const old = (await tokensWith(secrets.old)).signToken(token);
  const rotated = await tokensWith(secrets.new, secrets.old);
  expect(rotated.readToken("unsubscribe", old)).toEqual(token);
  expect(rotated.signToken(token)).toBe((await tokensWith(secrets.new)).signToken(token));
  expect((await tokensWith(secrets.new)).readToken("unsubscribe", old)).toBeNull();
});

const message = "01890a5d-ac96-774b-bcce-b302099a8057";
const ofMessage = { workspaceNumber: 42, messageId: message };

test.each([
  { text: "EkgAAAAqAYkKXayWd0u8zrMCCZqAVwADHjcyktn-CZuahwAidyqTyg", purpose: "click", ...ofMessage, linkPosition: 3 },
  { text: "IkgAAAAqAYkKXayWd0u8zrMCCZqAVwADjEPKnyb7rKsTFqiDZlComw", purpose: "click", ...ofMessage, linkPosition: 3 },
  { text: "IUgAAAAqAYkKXayWd0u8zrMCCZqAV2PW9ckLT59H_rXAuOSAAO4", purpose: "open", ...ofMessage },
  {
    text: "I0gAAAAqAYkKXayWd0u8zrMCCZqAVwGJCl2slndLvM6zAgmagFfHp1zQ4dBundyzyO6TXdZs",
    purpose: "unsubscribe",
    workspaceNumber: 42,
    subscriberId: message,
    campaignId: message,
  },
] as const)("links that went out must verify for ever: $text", async ({ text, ...token }) => {
  const { readToken } = await tokensWith("frozen-secret-frozen-secret-frozen-secret");
  expect(readToken(token.purpose, text)).toEqual(token);
});

test("every token of a message has a MAC of its own", () => {
  const macs = Array.from({ length: 100 }, (_, linkPosition) =>
    Buffer.from(tokens.signToken({ purpose: "click", ...ofMessage, linkPosition }), "base64url").toString("hex", 24),
  );
  macs.push(Buffer.from(tokens.signToken({ purpose: "open", ...ofMessage }), "base64url").toString("hex", 22));
  expect(new Set(macs).size).toBe(101);
});
