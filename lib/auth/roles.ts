import { Refusal } from "../errors.ts";

export const roles = ["owner", "admin", "editor", "viewer"] as const;
export type Role = (typeof roles)[number];

/** Anything that acts: a person with a role, or a worker. */
interface Acting {
  role: Role | "system";
}

/**
 * What can be done, from harmless to grave:
 * read (see everything in the workspace) · write (people, lists, templates, drafts, imports) · export (take people out
 * of the installation) · launch (send to people, pause, cancel) · manage (senders, workspace settings) · own (the
 * workspace itself).
 */
export type Permission = "read" | "write" | "export" | "launch" | "manage" | "own";

const granted: Record<Role | "system", readonly Permission[]> = {
  viewer: ["read"],
  editor: ["read", "write", "export", "launch"],
  admin: ["read", "write", "export", "launch", "manage"],
  owner: ["read", "write", "export", "launch", "manage", "own"],
  // The workers: they act on what a person has already been allowed to ask for.
  system: ["read", "write", "export", "launch", "manage", "own"],
};

export function may(scope: Acting, permission: Permission): boolean {
  return granted[scope.role].includes(permission);
}

/** The first line of every function of lib that a person can reach. Refuses with `auth.not_allowed`. */
export function allow(scope: Acting, permission: Permission): void {
  if (!may(scope, permission)) throw new Refusal("auth.not_allowed", { permission });
}
