import type { Role } from "./roles.ts";

/** In whose name a function acts. The workspace of a scope stands in every WHERE; the role is checked by allow(). */
export interface Scope {
  workspaceId: string;
  role: Role | "system";
  /** Null when a worker acts. */
  userId: string | null;
}

/** The scope of a worker that acts for a workspace. */
export function systemScope(workspaceId: string): Scope {
  return { workspaceId, role: "system", userId: null };
}
