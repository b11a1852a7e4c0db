import { createHmac, timingSafeEqual } from "node:crypto";
import { isId } from "../ids.ts";
import { type SecretKey, secretKeys } from "../secrets.ts";

/** The login of one workspace at the built-in inbox. Derived, not stored: nothing to leak and nothing to set up. */
export function inboxCredentials(workspaceId: string): { username: string; password: string } {
  return { username: workspaceId, password: passwordFor(secretKeys()[0] as SecretKey, workspaceId) };
}

/** The workspace that a login at the built-in inbox is for, or null. Retired secrets still open it. */
export function workspaceOfInboxLogin(username: string, password: string): string | null {
  if (!isId(username)) return null;
  const given = digest(password);
  // Compared as digests, so that the time taken says nothing about the length or the content.
  const genuine = secretKeys().some((key) => timingSafeEqual(digest(passwordFor(key, username)), given));
  return genuine ? username : null;
}

function passwordFor(key: SecretKey, workspaceId: string): string {
  return createHmac("sha256", key.derive("inbox login", 32)).update(workspaceId).digest("base64url");
}

function digest(text: string): Buffer {
  return createHmac("sha256", "inbox login").update(text).digest();
}
