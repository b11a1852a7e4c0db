import { config } from "./config.ts";

/**
 * The base of every public link of a workspace, without a trailing slash. The one place that knows; never made from
 * a request's Host header.
 */
export function publicBaseUrl(workspace: { trackingBaseUrl: string | null }): string {
  return workspace.trackingBaseUrl ?? config().PUBLIC_URL;
}

export const clickUrl = (base: string, token: string) => `${base}/c/${token}`;
export const openUrl = (base: string, token: string) => `${base}/o/${token}`;
export const unsubscribeUrl = (base: string, token: string) => `${base}/u/${token}`;
