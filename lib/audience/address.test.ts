import fc from "fast-check";
import { expect, test } from "vitest";
import { addressKey, envelopeAddress, parseAddress } from "./address.ts";

test.each([
  ["anna@example.com", "anna@example.com"],
  ["  Anna@Example.COM\t", "anna@example.com"],
  ["o'brien+news=x@mail.example.co.uk", "o'brien+news=x@mail.example.co.uk"],
  ["info@müller.de", "info@xn--mller-kva.de"],
  ["info@MÜLLER.de", "info@xn--mller-kva.de"],
  ["info@mu\u0308ller.de", "info@xn--mller-kva.de"],
  ["info@XN--MLLER-KVA.de", "info@xn--mller-kva.de"],
  ["user@例え。テスト", "user@xn--r8jz45g.xn--zckzah"],
  ["ÜBER@example.com", "Über@example.com"],
  ["u\u0308ber@example.com", "über@example.com"],
  ["a@b.xn--p1ai", "a@b.xn--p1ai"],
])("%j has the key %j", (text, key) => {
  expect(addressKey(text)).toBe(key);
});

test.each([
  ["", "empty"],
  [" \u00a0\ufeff", "empty"],
  ["anna", "no_at"],
  ["mail.example.com", "no_at"],
  ["a@b@example.com", "local_part"],
  ["@example.com", "local_part"],
  [".anna@example.com", "local_part"],
  ["an..na@example.com", "local_part"],
  ["anna.@example.com", "local_part"],
  ["anna@", "domain"],
  ["anna@localhost", "domain"],
  ["anna@example", "domain"],
  ["anna@example.com.", "domain"],
  ["anna@-example.com", "domain"],
  ["anna@exa_mple.com", "domain"],
  ["anna@1.2.3.4", "domain"],
  ["anna@1.2", "domain"],
  ["anna@xn--\u00fc.com", "domain"],
  ["anna@[127.0.0.1]", "forbidden_character"],
  ['"anna b"@example.com', "forbidden_character"],
  ["anna@example.com,eve@example.org", "forbidden_character"],
  ["anna,eve@example.org", "forbidden_character"],
  ["anna@example.com\r\nBcc: eve@example.org", "forbidden_character"],
  ["an\nna@example.com", "forbidden_character"],
  ["an\0na@example.com", "forbidden_character"],
  ["anna@exam\0ple.com", "forbidden_character"],
  ["an\u2028na@example.com", "forbidden_character"],
  ["an\u200bna@example.com", "forbidden_character"],
  ["Anna <anna@example.com>", "forbidden_character"],
  [`${"a".repeat(65)}@example.com`, "too_long"],
  [`${"ü".repeat(33)}@example.com`, "too_long"],
  [`a@${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.${"e".repeat(60)}.${"f".repeat(20)}.com`, "too_long"],
  [`anna@${"x".repeat(64)}.com`, "domain"],
  ["anna@".repeat(100_000), "too_long"],
])("%j is refused as %s", (text, reason) => {
  expect(parseAddress(text)).toEqual({ ok: false, reason });
});

test("an address of exactly 64 and 254 octets passes", () => {
  const local = "a".repeat(64);
  const domain = `${"b".repeat(61)}.${"c".repeat(61)}.${"d".repeat(61)}.co`;
  expect(`${local}@${domain}`).toHaveLength(253);
  expect(parseAddress(`${local}@x${domain}`).ok).toBe(true);
  expect(parseAddress(`${local}@xy${domain}`).ok).toBe(false);
});

test("the envelope keeps the local part as given and has the domain in ASCII", () => {
  expect(envelopeAddress(" Jürgen.Groß@Bücher.example ")).toBe("Jürgen.Groß@xn--bcher-kva.example");
  expect(envelopeAddress("nobody")).toBeNull();
});

test("whatever is accepted is one addr-spec: no separator, no control character, one @, within the limits", () => {
  const awkward = fc.string({
    unit: fc.constantFrom(..."aZ0.@-_+'\"(),:;<>[]\\ \t\r\n\0\u2028\u200büß例😀\u0301"),
    maxLength: 40,
  });
  fc.assert(
    fc.property(fc.oneof(awkward, fc.string({ unit: "binary" }), fc.emailAddress()), (text) => {
      const parsed = parseAddress(text);
      if (!parsed.ok) return;
      for (const form of [parsed.email, parsed.key]) {
        expect(form).not.toMatch(/[\p{Cc}\p{Z}\p{Cf},;:<>()[\]\\"]/u);
        expect(form.split("@")).toHaveLength(2);
      }
      expect(Buffer.byteLength(parsed.key)).toBeLessThanOrEqual(254);
      expect(parsed.domain).toMatch(/^[a-z0-9.-]+$/);
    }),
    { numRuns: 2000 },
  );
});

test("the key is a fixed point, and the same for every case of the ASCII letters", () => {
  fc.assert(
    fc.property(fc.emailAddress(), (email) => {
      const parsed = parseAddress(email);
      if (!parsed.ok) return;
      expect(addressKey(parsed.key)).toBe(parsed.key);
      expect(addressKey(email.toUpperCase())).toBe(parsed.key);
    }),
  );
});
