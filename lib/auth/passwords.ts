import { hashPassword } from "better-auth/crypto";
import { and, eq } from "drizzle-orm";
import { account, session, user } from "#drizzle/schema/auth.ts";
import type { Db } from "../db.ts";
import { NotFound } from "../errors.ts";
import { audit } from "./audit.ts";

/**
 * Sets a person's password from the command line, where no mail can be sent, and ends all of the person's sessions.
 * Throws NotFound when nobody has that address.
 */
export async function resetPassword(db: Db, email: string, password: string): Promise<void> {
  const passwordHash = await hashPassword(password);
  await db.transaction(async (tx) => {
    const [person] = await tx.select({ id: user.id }).from(user).where(eq(user.email, email.trim().toLowerCase()));
    if (!person) throw new NotFound("user");
    const changed = await tx
      .update(account)
      .set({ password: passwordHash, updatedAt: new Date() })
      .where(and(eq(account.userId, person.id), eq(account.providerId, "credential")))
      .returning({ id: account.id });
    if (changed.length === 0) {
      await tx
        .insert(account)
        .values({ userId: person.id, accountId: person.id, providerId: "credential", password: passwordHash });
    }
    await tx.delete(session).where(eq(session.userId, person.id));
    await audit(tx, { workspaceId: null, userId: person.id }, "password.reset_by_command");
  });
}
