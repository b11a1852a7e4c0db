import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { orNotFound } from "#app/_web/or-not-found.ts";
import { DomainPage } from "#components/domains/domain-page.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { isId } from "#lib/ids.ts";
import { getDomain } from "#lib/senders/domains/list.ts";
import {
  archiveDomainAction,
  cancelRotationAction,
  checkDomainAction,
  removeBouncesAction,
  restoreDomainAction,
  rotateKeysAction,
  setBouncesAction,
  setEd25519Action,
  setLinksAction,
  setSigningAction,
} from "../actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("domains"))("title") };
}

export default async function SendingDomainPage({ params }: PageProps<"/domains/[id]">) {
  const { scope } = await requireActor();
  const { id } = await params;
  if (!isId(id)) notFound();
  const domain = await orNotFound(getDomain(db(), scope, id));
  if (domain.archivedAt) notFound();
  return (
    <DomainPage
      domain={domain}
      actions={
        may(scope, "manage")
          ? {
              check: checkDomainAction.bind(null, id),
              rotate: rotateKeysAction.bind(null, id),
              cancelRotation: cancelRotationAction.bind(null, id),
              setSigning: setSigningAction.bind(null, id),
              setEd25519: setEd25519Action.bind(null, id),
              setLinks: setLinksAction.bind(null, id),
              setBounces: setBouncesAction.bind(null, id),
              removeBounces: removeBouncesAction.bind(null, id),
              archive: archiveDomainAction.bind(null, id),
              restore: restoreDomainAction.bind(null, id),
            }
          : null
      }
    />
  );
}
