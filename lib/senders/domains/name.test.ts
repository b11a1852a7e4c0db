import { expect, test } from "vitest";
import { domainInput } from "./input.ts";
import { readDomain, registeredDomain } from "./name.ts";

test.each([
  ["example.com", "example.com"],
  ["  News.Example.COM. ", "news.example.com"],
  ["https://example.com/shop?x=1#y", "example.com"],
  ["eva@news.example.com", "news.example.com"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["BÜCHER.de", "xn--bcher-kva.de"],
  ["例え.テスト", "xn--r8jz45g.xn--zckzah"],
  ["xn--bcher-kva.de", "xn--bcher-kva.de"],
  ["shop.example.co.uk", "shop.example.co.uk"],
  ["me.github.io", "me.github.io"],
])("%s is read as %s", (text, domain) => {
  expect(readDomain(text)).toEqual({ ok: true, domain });
});

test.each([
  ["192.0.2.1", "domain_ip"],
  ["[2001:db8::1]", "domain_ip"],
  ["2001:db8::1", "domain_ip"],
  ["0x7f.1", "domain_ip"],
  ["eva@127.0.0.1", "domain_ip"],
  ["localhost", "domain_single_label"],
  ["com", "domain_single_label"],
  ["co.uk", "domain_public_suffix"],
  ["kobe.jp", "domain_public_suffix"],
  ["", "domain"],
  ["example..com", "domain"],
  [".example.com", "domain"],
  ["-example.com", "domain"],
  ["exa mple.com", "domain"],
  ["ex_ample.com", "domain"],
  ["example.com:25", "domain"],
  ["example.com\r\nBcc: x", "domain"],
  ["example.com\0", "domain"],
  ["exa\u200bmple.com;x=y", "domain"],
  ["*.example.com", "domain"],
  [`${"a".repeat(64)}.com`, "domain"],
  [`${"abcdefgh.".repeat(30)}com`, "domain"],
])("%j is refused: %s", (text, fault) => {
  expect(readDomain(text)).toEqual({ ok: false, fault });
});

test("the form says at the field what is wrong, and takes no other fields", () => {
  expect(domainInput.parse({ domain: "Example.com" })).toEqual({ domain: "example.com" });
  const messages = (input: unknown) => domainInput.safeParse(input).error?.issues.map((issue) => issue.message);
  expect(messages({ domain: " " })).toEqual(["required"]);
  expect(messages({ domain: "co.uk" })).toEqual(["domain_public_suffix"]);
  expect(domainInput.safeParse({ domain: "example.com", signing: true }).success).toBe(false);
});

test("the registered domain is what somebody bought", () => {
  expect(registeredDomain("a.b.example.co.uk")).toBe("example.co.uk");
  expect(registeredDomain("me.github.io")).toBe("me.github.io");
});
