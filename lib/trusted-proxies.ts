import { BlockList, isIP } from "node:net";

/** Says which address a request came from. Built once from the setting TRUSTED_PROXIES. */
export interface ClientAddresses {
  /** Whether this peer is one of our proxies, whose X-Forwarded-* headers are believed. */
  trusts(peer: string): boolean;
  /**
   * The client's address: the socket's peer, or, when that is a trusted proxy, the last address in X-Forwarded-For that
   * is not one itself. What stands before that was written by whoever called, and is believed nobody.
   */
  clientOf(peer: string, forwardedFor: string | undefined): string;
}

/** `setting` is a comma-separated list of addresses and CIDR ranges. Throws on anything else. */
export function clientAddresses(setting: string): ClientAddresses {
  const trusted = new BlockList();
  for (const entry of setting.split(",").map((part) => part.trim())) {
    if (entry === "") continue;
    const [address = "", prefix] = entry.split("/");
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) {
      throw new Error(`TRUSTED_PROXIES: "${entry}" is neither an address nor a CIDR range.`);
    }
    trusted.addSubnet(address, bits, family === 6 ? "ipv6" : "ipv4");
  }
  const trusts = (peer: string) => isIP(peer) !== 0 && trusted.check(peer, isIP(peer) === 6 ? "ipv6" : "ipv4");
  return {
    trusts: (peer) => trusts(plain(peer)),
    clientOf(peer, forwardedFor) {
      let client = plain(peer);
      const chain = (forwardedFor ?? "").split(",").map((part) => plain(part.trim()));
      while (trusts(client)) {
        const before = chain.pop();
        if (before === undefined || isIP(before) === 0) break;
        client = before;
      }
      return client;
    },
  };
}

/** An IPv4 address that came in over an IPv6 socket, without its prefix; a link-local one without its zone (fe80::1%eth0). */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
}
