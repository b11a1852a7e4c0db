import { hashPassword } from "better-auth/crypto";
import { and, eq, isNull } from "drizzle-orm";
import { account, instance, member, user, workspace } from "#drizzle/schema/auth.ts";
import type { Db } from "../db.ts";
import { Refusal } from "../errors.ts";
import { newId } from "../ids.ts";
import { audit } from "./audit.ts";
import type { SetUpInput } from "./input.ts";

/** Whether the first owner exists. Once true it is true for ever, even if every account is deleted. */
export async function isSetUp(db: Db): Promise<boolean> {
  const [row] = await db.select({ at: instance.setUpAt }).from(instance).where(eq(instance.id, 1));
  return row?.at != null;
}

/**
 * Creates the owner and the first workspace, and closes the set-up in the same transaction. Of two requests at once
 * one wins; the other is refused with `auth.already_set_up`. Returns the workspace's id.
 */
export async function setUp(db: Db, input: SetUpInput): Promise<{ workspaceId: string; userId: string }> {
  // Looked at first too: hashing costs enough to be worth nothing to strangers.
  if (await isSetUp(db)) throw new Refusal("auth.already_set_up");
  const passwordHash = await hashPassword(input.password);
  return db.transaction(async (tx) => {
    await tx.insert(instance).values({ id: 1 }).onConflictDoNothing();
    const closed = await tx
      .update(instance)
      .set({ setUpAt: new Date() })
      .where(and(eq(instance.id, 1), isNull(instance.setUpAt)))
      .returning({ id: instance.id });
    if (closed.length === 0) throw new Refusal("auth.already_set_up");

    const userId = newId();
    const workspaceId = newId();
    await tx.insert(user).values({ id: userId, name: input.name, email: input.email, emailVerified: true });
    await tx.insert(account).values({ userId, accountId: userId, providerId: "credential", password: passwordHash });
    await tx.insert(workspace).values({
      id: workspaceId,
      name: input.workspaceName,
      slug: workspaceId,
      postalAddress: input.postalAddress,
      timeZone: input.timeZone,
      language: input.language,
    });
    await tx.insert(member).values({ organizationId: workspaceId, userId, role: "owner" });
    await audit(tx, { workspaceId, userId }, "setup", { kind: "workspace", id: workspaceId });
    return { workspaceId, userId };
  });
}
