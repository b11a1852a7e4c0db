import { afterEach, expect, test, vi } from "vitest";

const secrets = { old: "an-old-secret-an-old-secret-an-old-secret", new: "a-new-secret-a-new-secret-a-new-secret-a" };

async function secretsWith(secret: string, retired = "") {
  vi.resetModules();
  vi.stubEnv("DATABASE_URL", "postgres://unused.invalid/unused");
  vi.stubEnv("POSTHORN_SECRET", secret);
  vi.stubEnv("POSTHORN_RETIRED_SECRETS", retired);
  return import("./secrets.ts");
}

afterEach(() => vi.unstubAllEnvs());

test("what was sealed opens again, and the sealed text holds nothing of it", async () => {
  const { seal, unseal } = await secretsWith(secrets.new);
  for (const plain of ["hunter2", "", "pässwörd 🔑", "x".repeat(10_000)]) {
    const sealed = seal(plain, "sender/1");
    expect(unseal(sealed, "sender/1")).toBe(plain);
    if (plain) expect(sealed).not.toContain(plain);
  }
});

test("the same secret is never sealed to the same text", async () => {
  const { seal } = await secretsWith(secrets.new);
  expect(new Set(Array.from({ length: 100 }, () => seal("hunter2", "sender/1"))).size).toBe(100);
});

test("a sealed value opens in its own row only", async () => {
  const { seal, unseal } = await secretsWith(secrets.new);
  expect(() => unseal(seal("hunter2", "sender/1"), "sender/2")).toThrow();
});

test("a sealed value that was changed anywhere does not open, and the error says nothing of it", async () => {
  const { seal, unseal } = await secretsWith(secrets.new);
  const sealed = seal("hunter2", "sender/1");
  for (let i = 0; i < sealed.length; i++) {
    const changed = sealed.slice(0, i) + (sealed[i] === "A" ? "B" : "A") + sealed.slice(i + 1);
    // The last character of a part may hold bits that belong to no byte.
    if (Buffer.from(changed, "base64url").equals(Buffer.from(sealed, "base64url"))) continue;
    let opened: string | undefined;
    try {
      opened = unseal(changed, "sender/1");
    } catch (error) {
      expect(String(error)).not.toContain("hunter2");
    }
    expect([undefined, "hunter2"]).toContain(opened);
    if (opened !== undefined) expect(sameParts(changed, sealed)).toBe(true);
  }
  for (const damaged of ["", "1", "1.2.3", "2.ab.cd.ef.gh", "....", "nonsense"])
    expect(() => unseal(damaged, "sender/1")).toThrow();
});

/** Whether two sealed texts mean the same bytes in every part. */
function sameParts(one: string, other: string): boolean {
  const bytes = (text: string) =>
    text.split(".").map((part, i) => (i < 2 ? part : Buffer.from(part, "base64url").toString("hex")));
  return bytes(one).join() === bytes(other).join();
}

test("a retired secret opens what it sealed, and the new one seals", async () => {
  const sealed = (await secretsWith(secrets.old)).seal("hunter2", "sender/1");
  const rotated = await secretsWith(secrets.new, secrets.old);
  expect(rotated.unseal(sealed, "sender/1")).toBe("hunter2");
  const again = rotated.seal("hunter2", "sender/1");
  expect((await secretsWith(secrets.new)).unseal(again, "sender/1")).toBe("hunter2");
  const withoutOld = await secretsWith(secrets.new);
  expect(() => withoutOld.unseal(sealed, "sender/1")).toThrow(/POSTHORN_SECRET/);
});

test("keys for two purposes have nothing in common", async () => {
  const { secretKeys } = await secretsWith(secrets.new);
  const [key] = secretKeys();
  expect(key?.derive("seal", 32).equals(key.derive("token open", 32))).toBe(false);
  expect(key?.derive("seal", 32).equals(key.derive("seal", 32))).toBe(true);
});
