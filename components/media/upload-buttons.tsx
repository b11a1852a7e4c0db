"use client";

import { ImagePlus, Link2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { notify } from "#components/ui/notify.ts";
import type { MediaItem } from "#lib/media/find.ts";

interface UploadButtonsProps {
  take: (files: File[]) => void;
  onAdded: (item: MediaItem) => void;
}

/** Pictures from this machine, or one from an address. */
export function UploadButtons({ take, onAdded }: UploadButtonsProps) {
  const t = useTranslations("media");
  const input = useRef<HTMLInputElement>(null);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon={<Link2 aria-hidden="true" />} onClick={() => setAsking(true)}>
        {t("fromAddress")}
      </Button>
      <Button variant="primary" icon={<ImagePlus aria-hidden="true" />} onClick={() => input.current?.click()}>
        {t("choose")}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        aria-label={t("choose")}
        accept="image/jpeg,image/png,image/gif,image/webp,image/avif"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          take([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <Dialog title={t("addressTitle")} description={t("addressHint")} open={asking} onOpenChange={setAsking}>
        <AddressForm
          onAdded={(item) => {
            setAsking(false);
            notify.success(t("announceDone", { name: item.name }));
            onAdded(item);
          }}
        />
      </Dialog>
    </>
  );
}

function AddressForm({ onAdded }: { onAdded: (item: MediaItem) => void }) {
  const t = useTranslations("media");
  const tUi = useTranslations("ui");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function add(address: string) {
    setBusy(true);
    setError(null);
    try {
      const answer = await fetch("/api/media/from-address", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ address }),
      });
      const told = (await answer.json()) as MediaItem & { message?: string };
      if (answer.ok) onAdded(told);
      else setError(told.message ?? t("network"));
    } catch {
      setError(t("network"));
    }
    setBusy(false);
  }

  return (
    <form
      // What React hears bubbles through portals: a form around the dialog must not be sent as well.
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        add(String(new FormData(event.currentTarget).get("address") ?? ""));
      }}
    >
      <Field label={t("address")} name="address" error={error}>
        <Input name="address" type="text" inputMode="url" placeholder="https://" maxLength={2000} required autoFocus />
      </Field>
      <DialogFooter>
        <DialogClose render={<Button>{tUi("cancel")}</Button>} />
        <Button type="submit" variant="primary" loading={busy}>
          {t("fetch")}
        </Button>
      </DialogFooter>
    </form>
  );
}
