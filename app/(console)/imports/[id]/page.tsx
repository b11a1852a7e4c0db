import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { type Actor, requireActor } from "#app/_web/actor.ts";
import { ImportOutcome } from "#components/audience/import-outcome.tsx";
import { ImportProgress } from "#components/audience/import-progress.tsx";
import { ImportStatusBadge } from "#components/audience/import-status.tsx";
import { MappingForm } from "#components/audience/mapping-form.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listFields } from "#lib/audience/fields.ts";
import { findImport, type Import, listNamesOf } from "#lib/audience/import/imports.ts";
import { previewImport } from "#lib/audience/import/upload.ts";
import { listLists } from "#lib/audience/lists.ts";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { isId } from "#lib/ids.ts";
import { storage } from "#lib/storage.ts";
import { createFieldAction } from "../../fields/actions.ts";
import { createListAction } from "../../lists/actions.ts";
import {
  cancelImportAction,
  changeLayoutAction,
  changeMappingAction,
  checkImportAction,
  startImportAction,
} from "../actions.ts";

export async function generateMetadata({ params }: PageProps<"/imports/[id]">): Promise<Metadata> {
  const { scope } = await requireActor();
  return { title: (await load(scope, (await params).id)).fileName };
}

export default async function ImportPage({ params }: PageProps<"/imports/[id]">) {
  const { scope } = await requireActor();
  const current = await load(scope, (await params).id);
  const t = await getTranslations("imports");
  return (
    <>
      <PageHeader
        title={current.fileName}
        badge={<ImportStatusBadge status={current.status} />}
        breadcrumbs={[{ label: t("title"), href: "/imports" }, { label: current.fileName }]}
      />
      <Stage scope={scope} current={current} />
    </>
  );
}

async function Stage({ scope, current }: { scope: Actor["scope"]; current: Import }) {
  const t = await getTranslations("imports");
  const mayWrite = may(scope, "write");
  const { id, status } = current;
  switch (status) {
    case "mapping":
      return mayWrite ? <Mapping scope={scope} current={current} /> : <Callout>{t("viewOnly")}</Callout>;
    case "checking":
    case "importing":
      return (
        <ImportProgress
          key={status}
          id={id}
          fileName={current.fileName}
          initial={{ status, stage: current.stage, rowsDone: current.rowsDone, rowsTotal: current.rowsTotal }}
          cancel={mayWrite ? cancelImportAction : null}
        />
      );
    default: {
      const names = await listNamesOf(db(), scope, current.listIds);
      const errors = await getTranslations("errors");
      return (
        <ImportOutcome
          current={{
            id,
            status,
            fileName: current.fileName,
            dryRun: current.dryRun,
            result: current.result,
            listIds: current.listIds,
            listNames: current.listIds.map((listId) => names.get(listId) ?? ""),
            consentBasis: current.consentBasis,
            error:
              current.error &&
              (errors.has(current.error) ? errors(current.error) : errors("refused", { code: current.error })),
            hasRejects: current.rejectsFileId !== null,
          }}
          actions={
            mayWrite ? { start: startImportAction, back: changeMappingAction, cancel: cancelImportAction } : null
          }
        />
      );
    }
  }
}

async function Mapping({ scope, current }: { scope: Actor["scope"]; current: Import }) {
  const [sample, fields, lists] = await Promise.all([
    previewImport(db(), scope, storage(), current.id),
    listFields(db(), scope),
    listLists(db(), scope),
  ]);
  const { encoding, delimiter, hasHeader } = current;
  return (
    <MappingForm
      id={current.id}
      header={current.header}
      sample={sample}
      layout={{ encoding, delimiter, hasHeader }}
      initial={{
        mapping: current.mapping,
        listIds: current.listIds,
        consentBasis: current.consentBasis,
        updateExisting: current.updateExisting,
        dateOrder: current.dateOrder,
      }}
      fields={fields.map(({ key, label, type }) => ({ key, label, type }))}
      lists={lists.map(({ id, name }) => ({ id, name }))}
      actions={{
        check: checkImportAction,
        changeLayout: changeLayoutAction,
        cancel: cancelImportAction,
        createField: createFieldAction,
        createList: createListAction,
      }}
    />
  );
}

async function load(scope: Actor["scope"], id: string): Promise<Import> {
  const found = isId(id) ? await findImport(db(), scope, id) : null;
  return found ?? notFound();
}
