import { config } from "../config.ts";
import { parsePrivateHosts } from "../private-hosts.ts";

/** What this installation takes. */
export function mediaLimits() {
  const { MEDIA_MAX_BYTES, MEDIA_MAX_MEGAPIXELS, MEDIA_PRIVATE_HOSTS } = config();
  return {
    maxBytes: MEDIA_MAX_BYTES,
    maxMegapixels: MEDIA_MAX_MEGAPIXELS,
    privateHosts: parsePrivateHosts(MEDIA_PRIVATE_HOSTS),
  };
}
