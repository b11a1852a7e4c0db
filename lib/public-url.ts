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

const extensions = { "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif" };

/** Where a picture of the media library is, below the base. The id alone decides; the name is for people who read it. */
export function mediaPath(publicId: string, name: string, mediaType: keyof typeof extensions): string {
  const plain = name
    .replace(/\.(jpe?g|png|gif|webp|avif)$/i, "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .toLowerCase();
  return `/m/${publicId}/${plain || "picture"}.${extensions[mediaType]}`;
}
