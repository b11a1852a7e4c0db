"use client";

import { ArrowRight, Ellipsis, MailCheck, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import type { EditedContent } from "#components/editor/content-kind.ts";
import { EditorOfKind } from "#components/editor/editor-of-kind.tsx";
import type { MergeField } from "#components/editor/mjml-completion.ts";
import { NameInput } from "#components/editor/name-input.tsx";
import { SaveStateNote } from "#components/editor/save-state.tsx";
import { SaveTrouble } from "#components/editor/save-trouble.tsx";
import { useAutosave } from "#components/editor/use-autosave.ts";
import type { ActionResult } from "#components/ui/action-result.ts";
import { Breadcrumbs } from "#components/ui/breadcrumbs.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { cn } from "#components/ui/cn.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";
import { Tabs } from "#components/ui/tabs.tsx";
import { AudienceForm, type AudienceList } from "./audience-form.tsx";
import { DeliveryForm, type DeliveryTiming, type SenderChoice } from "./delivery-form.tsx";
import type { DraftFields } from "./draft-fields.ts";
import { EnvelopeForm } from "./envelope-form.tsx";
import { TestSendDialog, type TestSendResult } from "./test-send-dialog.tsx";

type Patch = Partial<Omit<DraftFields, "includeListIds" | "excludeListIds" | "kind" | "source">> & {
  lists?: { include: string[]; exclude: string[] };
  content?: EditedContent;
};

interface CampaignEditorProps {
  campaign: DraftFields & { id: string; version: number; savedAt: string; isDeleted: boolean };
  lists: readonly AudienceList[];
  senders: readonly SenderChoice[];
  shares: ReadonlyArray<{ name: string; share: number }>;
  isSampleWorkspace: boolean;
  timing: DeliveryTiming;
  mergeFields: readonly MergeField[];
  userEmail: string;
  save: (input: {
    campaignId: string;
    version: number;
    patch: Patch;
  }) => Promise<ActionResult<{ version: number; savedAt: string }>>;
  currentVersion: (input: { campaignId: string }) => Promise<ActionResult<number>>;
  sendTest: (input: {
    campaignId: string;
    to: string[];
    subscriberId: string | null;
  }) => Promise<ActionResult<TestSendResult>>;
  archive: (input: { campaignId: string; archived: boolean }) => Promise<ActionResult<unknown>>;
}

type Tab = "content" | "audience" | "delivery";

/** A draft: what it says, whom it goes to, and how it is sent. Saved from the first key on. */
export function CampaignEditor(props: CampaignEditorProps) {
  const { campaign, lists, senders, shares, isSampleWorkspace, timing, mergeFields, userEmail } = props;
  const t = useTranslations("campaigns");
  const tUi = useTranslations("ui");
  const router = useRouter();
  const [fields, setFields] = useState<DraftFields>(campaign);
  const [generation, setGeneration] = useState(0);
  const [tab, setTab] = useState<Tab>("content");
  const [inboxLine, setInboxLine] = useState({ subject: campaign.subject, preheader: campaign.preheader });
  const [testing, setTesting] = useState(false);
  const [pending, startTransition] = useTransition();
  const autosave = useAutosave<Patch>({
    storageKey: `posthorn/campaign/${campaign.id}`,
    version: campaign.version,
    savedAt: campaign.savedAt,
    save: (patch, version) => props.save({ campaignId: campaign.id, version, patch }),
    currentVersion: () => props.currentVersion({ campaignId: campaign.id }),
  });

  function change(changed: Partial<DraftFields>) {
    const next = { ...fields, ...changed };
    setFields(next);
    autosave.change(asPatch(changed, next));
  }

  function restoreLocal(patch: Patch) {
    const { lists: sides, content, ...plain } = patch;
    const restored: Partial<DraftFields> = {
      ...plain,
      ...(sides && { includeListIds: sides.include, excludeListIds: sides.exclude }),
      ...(content && { kind: content.kind, source: content.source }),
    };
    change(restored);
    setGeneration((n) => n + 1);
  }

  function setDeleted(archived: boolean) {
    startTransition(async () => {
      await autosave.flush();
      const answer = await props.archive({ campaignId: campaign.id, archived });
      if (!answer.ok) {
        notify.error(answer.message);
        return;
      }
      if (!archived) return;
      router.push("/campaigns");
      notify.undo(t("deletedToast", { name: fields.name || t("untitled") }), {
        label: tUi("undo"),
        onUndo: () => void props.archive({ campaignId: campaign.id, archived: false }),
      });
    });
  }

  const content = (
    <div className="flex flex-col gap-5">
      <EnvelopeForm fields={fields} inboxLine={inboxLine} onChange={change} />
      <EditorOfKind
        kind={fields.kind}
        source={fields.source}
        generation={generation}
        onChange={(source) => change({ source })}
        name={fields.name}
        subject={fields.subject}
        preheader={fields.preheader}
        mergeFields={mergeFields}
        onRendered={setInboxLine}
      />
    </div>
  );

  return (
    <div className={cn("flex flex-col gap-4", pending && "opacity-70")}>
      <header className="flex flex-col gap-2">
        <Breadcrumbs items={[{ label: t("title"), href: "/campaigns" }, { label: fields.name || t("untitled") }]} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <NameInput label={t("name")} value={fields.name} onChange={(name) => change({ name })} />
          <SaveStateNote state={autosave.state} />
          <div className="ml-auto flex flex-wrap items-center gap-2">
            <Menu
              trigger={
                <IconButton label={t("more", { name: fields.name || t("untitled") })}>
                  <Ellipsis aria-hidden="true" />
                </IconButton>
              }
            >
              <MenuItem tone="danger" icon={<Trash2 aria-hidden="true" />} onClick={() => setDeleted(true)}>
                {t("delete")}
              </MenuItem>
            </Menu>
            <Button icon={<MailCheck aria-hidden="true" />} onClick={() => setTesting(true)}>
              {t("sendTest")}
            </Button>
            <Button
              variant="primary"
              onClick={() =>
                startTransition(async () => {
                  await autosave.flush();
                  router.push(`/campaigns/${campaign.id}/review`);
                })
              }
              icon={<ArrowRight aria-hidden="true" />}
            >
              {t("review")}
            </Button>
          </div>
        </div>
      </header>
      {campaign.isDeleted && (
        <Callout
          tone="warning"
          actions={
            <Button size="sm" onClick={() => setDeleted(false)}>
              {t("restore")}
            </Button>
          }
        >
          {t("deletedNote")}
        </Callout>
      )}
      <SaveTrouble
        conflict={autosave.state.kind === "conflict"}
        localAt={autosave.local?.at ?? null}
        onKeepMine={() => void autosave.keepMine()}
        onTakeTheirs={() => {
          autosave.dropLocal();
          window.location.reload();
        }}
        onRestoreLocal={() => {
          if (autosave.local) restoreLocal(autosave.local.patch);
          autosave.forgetLocal();
        }}
        onDropLocal={autosave.dropLocal}
      />
      <Tabs
        aria-label={t("parts")}
        value={tab}
        onValueChange={(next) => {
          // The editor begins anew when its tab opens again, with the text as it is by now.
          setGeneration((n) => n + 1);
          setTab(next as Tab);
        }}
        tabs={[
          { value: "content", label: t("tabs.content"), content },
          {
            value: "audience",
            label: t("tabs.audience"),
            content: (
              <AudienceForm
                lists={lists}
                include={fields.includeListIds}
                exclude={fields.excludeListIds}
                onChange={(include, exclude) => change({ includeListIds: include, excludeListIds: exclude })}
              />
            ),
          },
          {
            value: "delivery",
            label: t("tabs.delivery"),
            content: (
              <DeliveryForm
                // Its fields begin anew with what a restored draft says.
                key={generation}
                fields={fields}
                senders={senders}
                shares={shares}
                isSampleWorkspace={isSampleWorkspace}
                timing={timing}
                onChange={change}
              />
            ),
          },
        ]}
      />
      <TestSendDialog
        open={testing}
        onOpenChange={setTesting}
        userEmail={userEmail}
        send={async (to, subscriberId) => {
          await autosave.flush();
          return props.sendTest({ campaignId: campaign.id, to, subscriberId });
        }}
      />
    </div>
  );
}

function asPatch(changed: Partial<DraftFields>, next: DraftFields): Patch {
  const { includeListIds, excludeListIds, kind: _kind, source, ...plain } = changed;
  const patch: Patch = plain;
  if (includeListIds || excludeListIds) patch.lists = { include: next.includeListIds, exclude: next.excludeListIds };
  if (source !== undefined) patch.content = { kind: next.kind, v: 1, source };
  return patch;
}
