import fc from "fast-check";
import { beforeEach, expect, test, vi } from "vitest";

const secrets = { old: "an-old-secret-an-old-secret-an-old-secret", new: "a-new-secret-a-new-secret-a-new-secret-a" };

/** The modules as a process with these secrets sees them: keys are read once per process. */
async function addressesWith(secret: string, retired = "") {
  vi.resetModules();
  vi.stubEnv("DATABASE_URL", "postgres://unused.invalid/unused");
  vi.stubEnv("POSTHORN_SECRET", secret);
  vi.stubEnv("POSTHORN_RETIRED_SECRETS", retired);
  return { ...(await import("./bounce-address.ts")), ...(await import("./tokens.ts")) };
}

type Addresses = Awaited<ReturnType<typeof addressesWith>>;
let ours: Addresses;
beforeEach(async () => {
  ours = await addressesWith(secrets.new);
});

const message = fc.record({
  workspaceNumber: fc.integer({ min: 0, max: 0xffff_ffff }),
  messageId: fc.uuid({ version: 7 }),
});
type Message = { workspaceNumber: number; messageId: string };
const sign = ({ workspaceNumber, messageId }: Message, by = ours) =>
  by.bounceAddress(workspaceNumber, messageId, "bounces.example.com");

test("an address reads back as it was signed, also in capitals, and fits into 64 octets", () => {
  fc.assert(
    fc.property(message, (one) => {
      const address = sign(one);
      expect(address).toMatch(/^b-[a-z2-7]{60}@bounces\.example\.com$/);
      expect(address.indexOf("@")).toBeLessThanOrEqual(64);
      for (const seen of [
        address,
        address.toUpperCase(),
        ` ${address}\r\n`,
        address.replace(/@.*/, "@elsewhere.example"),
      ])
        expect(ours.readBounceAddress(seen)).toEqual(one);
    }),
  );
});

test("no change of any character verifies, nor a cut, a longer or a mixed address", () => {
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567018-_=@. \0é";
  fc.assert(
    fc.property(message, message, fc.nat(), fc.constantFrom(...alphabet), (one, other, where, character) => {
      const [a, b] = [sign(one), sign(other)];
      const at = where % a.indexOf("@");
      const forgeries = [
        a.slice(0, at) + character + a.slice(at + 1),
        a.slice(0, at) + a.slice(at + 1),
        `x${a}`,
        a.replace("@", `${character}@`),
        a.slice(0, at) + b.slice(at),
        character,
      ];
      for (const forged of forgeries) {
        if (forged.toLowerCase().trim() === a || forged.split("@")[0] === a.split("@")[0]) continue;
        if (forged.split("@")[0] === b.split("@")[0]) continue;
        expect(ours.readBounceAddress(forged)).toBeNull();
      }
    }),
    { numRuns: 1000 },
  );
});

test("a retired secret still reads what it signed, an unknown one reads nothing", async () => {
  const one = { workspaceNumber: 7, messageId: "0198c0de-0000-7000-8000-000000000001" };
  const old = sign(one, await addressesWith(secrets.old));
  expect((await addressesWith(secrets.new, secrets.old)).readBounceAddress(old)).toEqual(one);
  expect((await addressesWith(secrets.new)).readBounceAddress(old)).toBeNull();
});

test("its MAC is none of the tokens' of the same message", () => {
  const one = { workspaceNumber: 7, messageId: "0198c0de-0000-7000-8000-000000000001" };
  const mac = (text: string) => Buffer.from(text, "base64url").subarray(-16).toString("hex");
  const tokens = [
    ours.signToken({ purpose: "open", ...one }),
    ...Array.from({ length: 40 }, (_, linkPosition) => ours.signToken({ purpose: "click", ...one, linkPosition })),
  ].map(mac);
  const local = sign(one).slice(2, 62);
  const bits = [...local]
    .map((c) => "abcdefghijklmnopqrstuvwxyz234567".indexOf(c).toString(2).padStart(5, "0"))
    .join("");
  const bytes = Buffer.from((bits.slice(0, 296).match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
  expect(tokens).not.toContain(bytes.subarray(-16).toString("hex"));
  expect(new Set(tokens).size).toBe(41);
});
