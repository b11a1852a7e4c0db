import type { Actor } from "#app/_web/actor.ts";
import { SendingLockNotice } from "#components/instance/sending-lock-notice.tsx";
import { may } from "#lib/auth/roles.ts";
import { copyCampaigns } from "#lib/campaigns/confirm-copy.ts";
import { db } from "#lib/db.ts";
import { lookAtInstance } from "#lib/instance/look.ts";
import { log } from "#lib/log.ts";
import { confirmCopyAction } from "./instance-actions.ts";

/** The notice that nothing is sent, when this looks like a copy. Nothing else of the console depends on the look. */
export async function SendingLock({ scope }: Pick<Actor, "scope">) {
  const view = await lookAtInstance(db()).catch((err: unknown) => {
    log.error({ err }, "it cannot be told whether this is a copy");
    return null;
  });
  if (!view?.locked) return null;
  const finding = may(scope, "manage")
    ? {
        reason: view.locked,
        instanceId: view.recorded.instanceId ?? "",
        lastUsedAt: view.lastUsedAt,
        rememberedAt: view.rememberedAt,
        campaigns: await copyCampaigns(db(), scope),
      }
    : null;
  return <SendingLockNotice finding={finding} confirm={confirmCopyAction} />;
}
