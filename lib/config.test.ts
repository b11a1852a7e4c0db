import { expect, test } from "vitest";
import { parseConfig, settings } from "./config.ts";

const enough = { DATABASE_URL: "postgres://posthorn@localhost/posthorn", POSTHORN_SECRET: "s".repeat(32) };

test("two settings are enough; the rest has defaults that work on one machine", () => {
  expect(parseConfig(enough)).toMatchObject({
    PUBLIC_URL: "http://localhost:3000",
    PORT: 3000,
    INBOX_SMTP_HOST: "127.0.0.1",
    INBOX_SMTP_PORT: 2525,
    DELIVERY_REPLY_TIMEOUT_SECONDS: 600,
    POSTHORN_DEMO: false,
  });
});

test.each([
  ["DATABASE_URL", "mysql://localhost/posthorn"],
  ["DATABASE_URL", undefined],
  ["DATABASE_DIRECT_URL", "localhost"],
  ["POSTHORN_SECRET", "short"],
  ["PUBLIC_URL", "letters.example.org"],
  ["PUBLIC_URL", "https://news.example.com/path"],
  ["PUBLIC_URL", "ftp://news.example.com"],
  ["PORT", "0"],
  ["PORT", "70000"],
  ["PORT", "three thousand"],
  ["INBOX_SMTP_PORT", "-1"],
  ["INBOX_KEEP_MAILS", "5"],
  ["DELIVERY_RETRY_SECONDS", "1,two,3"],
  ["LOG_LEVEL", "loud"],
  ["POSTHORN_DEMO", "maybe"],
])("%s = %s is refused by name, without the value", (name, value) => {
  const parse = () => parseConfig({ ...enough, [name]: value });
  expect(parse).toThrow(name);
  if (value) expect(parse).not.toThrow(value);
});

test("all wrong settings are named at once", () => {
  expect(() => parseConfig({ PORT: "x" })).toThrow(/DATABASE_URL[\s\S]*POSTHORN_SECRET[\s\S]*PORT/);
});

test("an empty value of an optional setting means that it is not set", () => {
  const parsed = parseConfig({ ...enough, DATABASE_DIRECT_URL: "", DELIVERY_RETRY_SECONDS: "" });
  expect(parsed.DATABASE_DIRECT_URL).toBeUndefined();
  expect(parsed.DELIVERY_RETRY_SECONDS).toBeUndefined();
});

test("every setting says what it is for", () => {
  for (const [name, setting] of Object.entries(settings)) expect(setting.description, name).toBeTruthy();
});
