import { BlockList, isIP } from "node:net";

/*
 * Which addresses of this machine and of the network around it we may connect to for somebody who typed a host into a
 * form. Public addresses are always allowed; a name is judged by the addresses it resolves to, at the moment of
 * connecting.
 */

/** "any", or the names, addresses and CIDR ranges that are allowed; an empty list allows none. */
export type PrivateHosts = "any" | readonly string[];

/** Parses the setting: "any", "none", or a comma-separated list. Throws on what is neither name, address nor range. */
export function parsePrivateHosts(setting: string): PrivateHosts {
  const entries = setting
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
  if (entries.length === 1 && entries[0] === "any") return "any";
  if (entries.length === 1 && entries[0] === "none") return [];
  for (const entry of entries) {
    if (!rangeOf(entry) && !/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?$/.test(entry))
      throw new Error(`"${entry}" is neither a host name, an address nor a CIDR range`);
  }
  return entries;
}

/** Whether `host`, as it was typed, may be reached at `address`. */
export function mayReach(host: string, address: string, allowed: PrivateHosts): boolean {
  const family = familyOf(address);
  if (family === null || never.check(address, family)) return false;
  if (allowed === "any" || !inside.check(address, family)) return true;
  const name = host.toLowerCase().replace(/\.$/, "");
  return allowed.some((entry) => {
    const range = rangeOf(entry);
    if (!range) return entry === name;
    const list = new BlockList();
    list.addSubnet(range.address, range.bits, range.family);
    return list.check(address, family);
  });
}

/** Whether an address belongs to this machine alone. */
export function isLoopback(address: string): boolean {
  const family = familyOf(address);
  return family !== null && loopback.check(address, family);
}

type Family = "ipv4" | "ipv6";

function familyOf(address: string): Family | null {
  const version = isIP(address);
  return version === 0 ? null : version === 4 ? "ipv4" : "ipv6";
}

function rangeOf(entry: string): { address: string; bits: number; family: Family } | null {
  const [address = "", prefix, ...more] = entry.split("/");
  const family = familyOf(address);
  if (family === null || more.length > 0) return null;
  const most = family === "ipv6" ? 128 : 32;
  const bits = prefix === undefined ? most : Number(prefix);
  return /^\d*$/.test(prefix ?? "") && prefix !== "" && bits <= most ? { address, bits, family } : null;
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of ranges) {
    const range = rangeOf(entry);
    if (!range) throw new Error(`not a range: ${entry}`);
    list.addSubnet(range.address, range.bits, range.family);
  }
  return list;
}

// A BlockList compares an IPv4-mapped IPv6 address with the IPv4 ranges, too.
const loopback = blockList(["127.0.0.0/8", "::1"]);

/** Private, carrier-grade NAT, test and benchmark networks, and prefixes that carry an IPv4 address in them. */
const inside = blockList([
  ...["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15"],
  ...["::1", "fc00::/7", "fec0::/10", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"],
]);

/** No mail server lives there: unspecified, link-local (the metadata services of clouds), multicast, reserved. */
const never = blockList([
  ...["0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"],
  ...["::", "fe80::/10", "ff00::/8"],
]);
