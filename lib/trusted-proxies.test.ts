import { expect, test } from "vitest";
import { clientAddresses } from "./trusted-proxies.ts";

test("without trusted proxies the socket's peer is the client, whatever a header says", () => {
  const { clientOf, trusts } = clientAddresses("");
  expect(clientOf("203.0.113.9", "198.51.100.1")).toBe("203.0.113.9");
  expect(clientOf("::ffff:203.0.113.9", undefined)).toBe("203.0.113.9");
  expect(trusts("127.0.0.1")).toBe(false);
});

test("behind trusted proxies the client is the last address that is not one of them", () => {
  const { clientOf } = clientAddresses("127.0.0.1, 10.0.0.0/8, fd00::/8");
  expect(clientOf("127.0.0.1", "198.51.100.1")).toBe("198.51.100.1");
  expect(clientOf("127.0.0.1", "192.0.2.66, 198.51.100.1, 10.1.2.3")).toBe("198.51.100.1");
  expect(clientOf("fd00::7", "2001:db8::5")).toBe("2001:db8::5");
  expect(clientOf("198.51.100.7", "192.0.2.66")).toBe("198.51.100.7");
});

test("the zone of a link-local address is not told on: PostgreSQL's inet takes none", () => {
  const { clientOf } = clientAddresses("127.0.0.1");
  expect(clientOf("fe80::1%eth0", undefined)).toBe("fe80::1");
  expect(clientOf("127.0.0.1", "fe80::1%eth0")).toBe("fe80::1");
});

test("a broken header stops the walk at the last address that can be believed", () => {
  const { clientOf } = clientAddresses("127.0.0.1");
  expect(clientOf("127.0.0.1", "rubbish")).toBe("127.0.0.1");
  expect(clientOf("127.0.0.1", "")).toBe("127.0.0.1");
  expect(clientOf("127.0.0.1", undefined)).toBe("127.0.0.1");
});

test("a setting that is no address is refused by name", () => {
  expect(() => clientAddresses("localhost")).toThrow('"localhost" is neither');
  expect(() => clientAddresses("10.0.0.0/33")).toThrow('"10.0.0.0/33"');
});
