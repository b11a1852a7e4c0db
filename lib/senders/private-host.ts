import { lookup } from "node:dns/promises";
import { config } from "../config.ts";
import { Refusal } from "../errors.ts";
import { mayReach, parsePrivateHosts } from "../private-hosts.ts";

/**
 * Refuses `senders.private_host` for a host that only leads to addresses that senders of this installation may not use
 * (SENDER_PRIVATE_HOSTS). A name that cannot be looked up now passes: the address is checked again at each connection.
 */
export async function refusePrivateHost(host: string): Promise<void> {
  const allowed = parsePrivateHosts(config().SENDER_PRIVATE_HOSTS);
  const found = await lookup(host, { all: true }).catch(() => []);
  if (found.length > 0 && !found.some(({ address }) => mayReach(host, address, allowed)))
    throw new Refusal("senders.private_host", { host });
}
