"use client";

import { Images } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { bytesInWords } from "#components/audience/use-upload.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { notify } from "#components/ui/notify.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { MediaItem } from "#lib/media/find.ts";
import { DropVeil } from "./drop-veil.tsx";
import type { MediaActions } from "./media-actions.ts";
import { MediaDetails } from "./media-details.tsx";
import { MediaGrid } from "./media-grid.tsx";
import { UploadButtons } from "./upload-buttons.tsx";
import { UploadList } from "./upload-list.tsx";
import { useDropAndPaste } from "./use-drop-and-paste.ts";
import { useMediaUploads } from "./use-media-uploads.ts";

interface MediaLibraryProps {
  items: MediaItem[];
  isFiltered: boolean;
  maxBytes: number;
  mayWrite: boolean;
  actions: MediaActions;
  /** Search and filters, drawn by the page. */
  filters: ReactNode;
  /** Ways to the other pages. */
  pages: ReactNode;
}

/** The page Media: everything on it takes pictures. */
export function MediaLibrary(props: MediaLibraryProps) {
  const { items, isFiltered, maxBytes, mayWrite, actions, filters, pages } = props;
  const t = useTranslations("media");
  const tUi = useTranslations("ui");
  const router = useRouter();
  const [openId, setOpenId] = useState<string | null>(null);
  const { take, ...list } = useMediaUploads({ maxBytes, onAdded: () => router.refresh() });
  const isOver = useDropAndPaste(take, mayWrite && openId === null);
  const open = items.find((item) => item.id === openId);

  async function remove(item: MediaItem) {
    setOpenId(null);
    const answer = await actions.remove({ id: item.id });
    if (!answer.ok) return notify.error(answer.message);
    notify.undo(t(answer.data.kept ? "removedKept" : "removed", { name: item.name }), {
      label: tUi("undo"),
      onUndo: async () => {
        const restored = await actions.restore({ id: item.id });
        if (!restored.ok) notify.error(restored.message);
      },
    });
  }

  const buttons = mayWrite && <UploadButtons take={take} onAdded={() => router.refresh()} />;
  const isEmpty = items.length === 0 && !isFiltered;
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={!isEmpty && buttons} />
      {mayWrite && <UploadList {...list} maxBytes={maxBytes} />}
      {isEmpty ? (
        <EmptyState
          icon={<Images aria-hidden="true" />}
          title={t("empty")}
          description={mayWrite ? t("emptyText") : t("emptyViewer")}
          action={buttons}
        />
      ) : (
        <>
          {filters}
          {items.length === 0 ? (
            <EmptyState icon={<Images aria-hidden="true" />} title={t("noMatch")} />
          ) : (
            <MediaGrid
              items={items}
              labelOf={(item) => t("open", { name: item.name })}
              onChoose={(item) => setOpenId(item.id)}
            />
          )}
          {pages}
        </>
      )}
      {mayWrite && (
        <p className="mt-4 text-sm text-muted">
          {t("drop")} {t("limit", { size: bytesInWords(maxBytes) })}
        </p>
      )}
      {isOver && <DropVeil />}
      {open && (
        <MediaDetails
          key={open.id}
          item={open}
          mayWrite={mayWrite}
          actions={actions}
          onClose={() => setOpenId(null)}
          onRemove={() => remove(open)}
        />
      )}
    </>
  );
}
