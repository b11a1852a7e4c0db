"use client";

import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { bytesInWords } from "#components/audience/use-upload.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { SearchInput } from "#components/ui/search-input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { MediaItem } from "#lib/media/find.ts";
import { DropVeil } from "./drop-veil.tsx";
import { MediaGrid } from "./media-grid.tsx";
import { UploadButtons } from "./upload-buttons.tsx";
import { UploadList } from "./upload-list.tsx";
import { useDropAndPaste } from "./use-drop-and-paste.ts";
import { useMediaUploads } from "./use-media-uploads.ts";

/** What an editor gets: the address as it goes into the mail, and the picture's own pixels. */
export type PickedMedia = Pick<MediaItem, "src" | "alt" | "width" | "height" | "bytes">;

interface MediaPickerProps {
  open: boolean;
  onClose: () => void;
  onPick: (picked: PickedMedia) => void;
}

/** The library as a dialog, for editors: search, upload (choose, drop, paste, address), pick. */
export function MediaPicker({ open, onClose, onPick }: MediaPickerProps) {
  const t = useTranslations("media");
  return (
    <Dialog title={t("pickTitle")} size="lg" open={open} onOpenChange={(next) => !next && onClose()}>
      <PickerBody
        onPick={({ src, alt, width, height, bytes }) => {
          onPick({ src, alt, width, height, bytes });
          onClose();
        }}
      />
    </Dialog>
  );
}

interface Library {
  items: MediaItem[];
  tags: string[];
  next: number | null;
  maxBytes: number;
  mayWrite: boolean;
}

function PickerBody({ onPick }: { onPick: (item: MediaItem) => void }) {
  const t = useTranslations("media");
  const [query, setQuery] = useState("");
  const [tag, setTag] = useState("");
  const { library, failed, pending, load } = useLibrary(query, tag);
  const maxBytes = library?.maxBytes ?? Number.POSITIVE_INFINITY;
  const mayWrite = library?.mayWrite ?? false;
  const { take, ...list } = useMediaUploads({ maxBytes, onAdded: () => load() });
  const isOver = useDropAndPaste(take, mayWrite);
  return (
    <div className="flex min-h-80 flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <SearchInput
          label={t("search")}
          value={query}
          onValueChange={setQuery}
          pending={pending}
          className="min-w-0 flex-1 basis-56"
        />
        {library && library.tags.length > 0 && (
          <Select
            aria-label={t("tag")}
            items={[{ value: "", label: t("allTags") }, ...library.tags.map((value) => ({ value, label: value }))]}
            value={tag}
            onValueChange={setTag}
            className="w-auto min-w-36"
          />
        )}
        {mayWrite && <UploadButtons take={take} onAdded={() => load()} />}
      </div>
      {mayWrite && <UploadList {...list} maxBytes={maxBytes} />}
      {failed && (
        <Callout tone="danger" live actions={<Button onClick={() => load()}>{t("retry")}</Button>}>
          {t("loadFailed")}
        </Callout>
      )}
      {!library && !failed && <p className="text-sm text-muted">{t("loading")}</p>}
      {library && library.items.length === 0 && (
        <p className="py-8 text-center text-sm text-muted">{query || tag ? t("noMatch") : t("empty")}</p>
      )}
      {library && library.items.length > 0 && (
        <MediaGrid
          items={library.items}
          labelOf={(item) => t("pick", { name: item.name })}
          onChoose={onPick}
          className="lg:grid-cols-4 xl:grid-cols-4"
        />
      )}
      {library?.next != null && (
        <Button className="self-center" loading={pending} onClick={() => load(library.next ?? 0)}>
          {t("more")}
        </Button>
      )}
      {library && mayWrite && (
        <p className="text-sm text-muted">
          {t("drop")} {t("limit", { size: bytesInWords(maxBytes) })}
        </p>
      )}
      {isOver && <DropVeil />}
    </div>
  );
}

/** What the server has for a search, asked anew a moment after it changes; an answer that came too late is dropped. */
function useLibrary(query: string, tag: string) {
  const [library, setLibrary] = useState<Library | null>(null);
  const [failed, setFailed] = useState(false);
  const [pending, setPending] = useState(false);
  const latest = useRef(0);

  const load = useCallback(
    async (after = 0) => {
      const number = ++latest.current;
      setPending(true);
      setFailed(false);
      try {
        const answer = await fetch(`/api/media?${new URLSearchParams({ q: query, tag, after: String(after) })}`);
        if (!answer.ok) throw new Error(String(answer.status));
        const found = (await answer.json()) as Library;
        if (number !== latest.current) return;
        setLibrary((before) => (after > 0 && before ? { ...found, items: [...before.items, ...found.items] } : found));
      } catch {
        if (number === latest.current) setFailed(true);
      }
      if (number === latest.current) setPending(false);
    },
    [query, tag],
  );

  useEffect(() => {
    const timer = setTimeout(load, query ? 250 : 0);
    return () => clearTimeout(timer);
  }, [load, query]);

  return { library, failed, pending, load };
}
