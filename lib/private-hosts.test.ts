import { describe, expect, test } from "vitest";
import { parseConfig } from "./config.ts";
import { isLoopback, mayReach, parsePrivateHosts } from "./private-hosts.ts";

const reaches = (address: string, setting: string, host = "relay.lan") =>
  mayReach(host, address, parsePrivateHosts(setting));

test.each(["192.0.2.10", "8.8.8.8", "172.32.0.1", "2606:4700::1111"])("%s is public and always allowed", (address) => {
  expect([reaches(address, "any"), reaches(address, "none"), reaches(address, "10.0.0.0/8")]).toEqual([
    true,
    true,
    true,
  ]);
});

test.each([
  ...["127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1"],
  ...["::1", "fd00::1", "::ffff:10.0.0.1", "::ffff:7f00:1", "64:ff9b::a00:1", "2002:a00:1::"],
])("%s is private: allowed by any, not by none", (address) => {
  expect([reaches(address, "any"), reaches(address, "none"), reaches(address, "")]).toEqual([true, false, false]);
});

test.each([
  "169.254.169.254",
  "::ffff:169.254.169.254",
  "fe80::1",
  "0.0.0.0",
  "::",
  "224.0.0.1",
  "255.255.255.255",
  "ff02::1",
])("%s is never connected to, whatever the setting", (address) => {
  expect([reaches(address, "any"), reaches(address, "0.0.0.0/0,::/0"), reaches(address, address)]).toEqual([
    false,
    false,
    false,
  ]);
});

test("what is no address is not connected to", () => {
  for (const text of ["", "localhost", "127.0.0.1.", "[::1]", "127.1", "fe80::1%eth0"])
    expect(reaches(text, "any")).toBe(false);
});

describe("a list", () => {
  test("allows by name, address and range, and nothing else", () => {
    const setting = "relay.lan, 10.1.0.0/16,192.168.7.7, fd00::/64";
    expect(reaches("10.9.9.9", setting, "relay.lan")).toBe(true);
    expect(reaches("10.9.9.9", setting, "RELAY.lan.")).toBe(true);
    expect(reaches("10.9.9.9", setting, "other.lan")).toBe(false);
    expect(reaches("10.1.2.3", setting, "other.lan")).toBe(true);
    expect(reaches("::ffff:10.1.2.3", setting, "other.lan")).toBe(true);
    expect(reaches("192.168.7.7", setting, "other.lan")).toBe(true);
    expect(reaches("192.168.7.8", setting, "other.lan")).toBe(false);
    expect(reaches("fd00::1", setting, "other.lan")).toBe(true);
    expect(reaches("fd00:0:0:1::1", setting, "other.lan")).toBe(false);
  });

  test("that is no list stops the start with a readable error", () => {
    const env = { DATABASE_URL: "postgres://x/y", POSTHORN_SECRET: "x".repeat(32) };
    for (const wrong of ["10.0.0.0/33", "any, none of them!", "https://relay.lan", "10.0.0.0/8/9", "10.0.0.0/"])
      expect(() => parseConfig({ ...env, SENDER_PRIVATE_HOSTS: wrong })).toThrow(/SENDER_PRIVATE_HOSTS/);
    expect(parseConfig(env).SENDER_PRIVATE_HOSTS).toBe("any");
    expect(parseConfig({ ...env, SENDER_PRIVATE_HOSTS: "none" }).SENDER_PRIVATE_HOSTS).toBe("none");
  });
});

test("loopback is this machine alone", () => {
  expect(["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "localhost", ""].map(isLoopback)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
