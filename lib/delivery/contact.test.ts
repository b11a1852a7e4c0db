import { expect, test } from "vitest";
import { watchContact } from "./contact.ts";

function withClock() {
  const clock = { at: 0 };
  return { clock, contact: watchContact(() => clock.at) };
}

test("contact counts from the start, and anew from the first success after a break", () => {
  const { clock, contact } = withClock();
  clock.at = 500;
  expect(contact.unbrokenMs()).toBe(500);
  contact.failed(new Error("Connection terminated unexpectedly"));
  clock.at = 600;
  expect(contact.unbrokenMs()).toBe(0);
  contact.succeeded();
  clock.at = 700;
  contact.succeeded();
  expect(contact.unbrokenMs()).toBe(100);
});

test.each([
  ["ECONNREFUSED", true],
  ["57P01", true],
  ["57P03", true],
  ["08006", true],
  ["40P01", false],
  ["23505", false],
])("an error with the code %s is a break: %s", (code, broken) => {
  const { clock, contact } = withClock();
  clock.at = 100;
  contact.failed(Object.assign(new Error("Failed query: …"), { cause: Object.assign(new Error("…"), { code }) }));
  expect(contact.unbrokenMs()).toBe(broken ? 0 : 100);
});
