import { expect, test } from "vitest";
import { laneOf } from "./lane-names.ts";

test.each([
  ["ann@gmail.com", "gmail"],
  ["ann@GoogleMail.com", "gmail"],
  ["ben@hotmail.co.uk", "microsoft"],
  ["ben@outlook.com.br", "microsoft"],
  ["cy@yahoo.fr", "yahoo"],
  ["cy@aol.com", "yahoo"],
  ["dan@web.de", "gmx"],
  ["eve@Example.COM", "example.com"],
  ["eve@mail.example.com", "mail.example.com"],
  ["odd@at@example.org", "example.org"],
  ["jo@Müller.example", "xn--mller-kva.example"],
])("%s is taken in by %s", (email, lane) => {
  expect(laneOf(email)).toBe(lane);
});

test("a domain that only looks like a provider's is a lane of its own", () => {
  for (const domain of ["notgmail.com", "gmail.com.example.net", "yahoo.example", "live.co.example.com"])
    expect(laneOf(`ann@${domain}`)).toBe(domain);
});
