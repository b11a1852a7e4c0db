import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { SendingLive } from "#components/sending/sending-live.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { sendingView } from "#lib/reports/sending.ts";
import { forgetSlowDownAction, saveLaneCapsAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("sending"))("title") };
}

export default async function SendingPage() {
  const { scope } = await requireActor();
  const view = await sendingView(db(), scope);
  return (
    <SendingLive
      initial={{ ...view, rate: null }}
      laneActions={may(scope, "manage") ? { save: saveLaneCapsAction, forget: forgetSlowDownAction } : null}
    />
  );
}
