"use client";

import { Crop, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyField } from "#components/ui/copy-button.tsx";
import { Field, FieldStack } from "#components/ui/field.tsx";
import { FileSize } from "#components/ui/file-size.tsx";
import { Input } from "#components/ui/input.tsx";
import { notify } from "#components/ui/notify.ts";
import { Sheet } from "#components/ui/sheet.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { DateTime } from "#components/ui/time.tsx";
import type { MediaItem } from "#lib/media/find.ts";
import { CropDialog } from "./crop-dialog.tsx";
import type { MediaActions } from "./media-actions.ts";
import { MediaUses } from "./media-uses.tsx";

/** From here on a picture is slow on phones; see shared rules for mails. */
const heavyBytes = 200_000;

interface MediaDetailsProps {
  item: MediaItem;
  mayWrite: boolean;
  actions: MediaActions;
  onClose: () => void;
  onRemove: () => void;
}

/** Everything about one picture, beside the list. */
export function MediaDetails({ item, mayWrite, actions, onClose, onRemove }: MediaDetailsProps) {
  const t = useTranslations("media");
  const [cropping, setCropping] = useState(false);
  return (
    <Sheet title={t("details")} open onOpenChange={(open) => !open && onClose()}>
      <div className="flex flex-col gap-5">
        <div className="grid place-items-center rounded-lg border border-line bg-sunken p-3">
          {/* biome-ignore lint/performance/noImgElement: the picture already has the size it needs, and no other size of it exists. */}
          <img src={item.path} alt={item.alt} className="max-h-64 max-w-full object-contain" />
        </div>
        {mayWrite ? (
          <>
            <WordsForm item={item} save={actions.save} />
            <div className="flex flex-wrap gap-2">
              <Button icon={<Crop aria-hidden="true" />} onClick={() => setCropping(true)}>
                {t("crop")}
              </Button>
              <Button variant="danger-ghost" icon={<Trash2 aria-hidden="true" />} onClick={onRemove}>
                {t("remove")}
              </Button>
            </div>
          </>
        ) : (
          <dl className="flex flex-col gap-2 text-sm">
            <Fact label={t("name")}>{item.name}</Fact>
            <Fact label={t("alt")}>{item.alt || t("noAlt")}</Fact>
            {item.tags.length > 0 && <Fact label={t("tags")}>{item.tags.join(", ")}</Fact>}
          </dl>
        )}
        <dl className="flex flex-col gap-2 border-t border-line pt-4 text-sm">
          <Fact label={t("dimensions")}>
            {t("size", { width: item.width, height: item.height })} · {item.mediaType.slice(6).toUpperCase()}
          </Fact>
          <Fact label={t("weight")}>
            <FileSize bytes={item.bytes} />
            {item.bytes > heavyBytes && <span className="block text-warning-text">{t("weightHeavy")}</span>}
          </Fact>
          <Fact label={t("addedAt")}>
            <DateTime at={item.createdAt} />
          </Fact>
        </dl>
        <div className="flex flex-col gap-1.5">
          <p className="text-sm font-medium">{t("addressOf")}</p>
          <CopyField value={item.src} label={t("addressOf")} />
        </div>
        <MediaUses id={item.id} load={actions.uses} />
      </div>
      {cropping && <CropDialog item={item} save={actions.crop} onClose={() => setCropping(false)} />}
    </Sheet>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex gap-3">
      <dt className="w-28 shrink-0 text-muted">{label}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}

function WordsForm({ item, save }: { item: MediaItem; save: MediaActions["save"] }) {
  const t = useTranslations("media");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [pending, startTransition] = useTransition();

  function send(form: FormData) {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const tags = text("tags")
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "");
    startTransition(async () => {
      const answer = await save({ id: item.id, name: text("name"), alt: text("alt"), tags });
      setErrors(answer.ok ? {} : (answer.fields ?? {}));
      if (answer.ok) notify.success(t("saved"));
      else notify.error(answer.message);
    });
  }

  const tagsError = Object.entries(errors).find(([field]) => field.startsWith("tags"))?.[1];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send(new FormData(event.currentTarget));
      }}
    >
      <FieldStack>
        <Field label={t("alt")} name="alt" hint={t("altHint")} error={errors.alt}>
          <Textarea name="alt" defaultValue={item.alt} rows={2} maxLength={500} />
        </Field>
        <Field label={t("name")} name="name" error={errors.name}>
          <Input name="name" defaultValue={item.name} required maxLength={200} />
        </Field>
        <Field label={t("tags")} name="tags" hint={t("tagsHint")} optional error={tagsError}>
          <Input name="tags" defaultValue={item.tags.join(", ")} maxLength={800} />
        </Field>
        <div>
          <Button type="submit" variant="primary" loading={pending}>
            {t("save")}
          </Button>
        </div>
      </FieldStack>
    </form>
  );
}
