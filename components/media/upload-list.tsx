"use client";

import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { bytesInWords } from "#components/audience/use-upload.ts";
import { Button } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Progress } from "#components/ui/progress.tsx";
import type { MediaUpload } from "./use-media-uploads.ts";

interface UploadListProps {
  uploads: readonly MediaUpload[];
  maxBytes: number;
  retry: (upload: MediaUpload) => void;
  drop: (key: number) => void;
}

/** What is on its way, what arrived, and what did not and why. */
export function UploadList({ uploads, maxBytes, retry, drop }: UploadListProps) {
  const t = useTranslations("media");
  const format = useFormatter();
  const reasonOf = ({ error }: MediaUpload) =>
    error === "too_large"
      ? t("tooLarge", { size: bytesInWords(maxBytes) })
      : error === "network"
        ? t("network")
        : (error ?? "");
  const ended = uploads.filter(({ state }) => state === "done" || state === "failed").at(-1);
  return (
    <>
      <p role="status" className="sr-only">
        {ended &&
          (ended.state === "done"
            ? t("announceDone", { name: ended.name })
            : t("announceFailed", { name: ended.name, reason: reasonOf(ended) }))}
      </p>
      {uploads.length > 0 && (
        <ul aria-label={t("uploads")} className="mb-5 divide-y divide-line rounded-xl border border-line bg-surface">
          {uploads.map((upload) => (
            <li key={upload.key} className="flex items-center gap-3 py-2.5 pr-2 pl-4 text-sm">
              <div className="min-w-0 flex-1">
                {upload.state === "failed" ? (
                  <>
                    <p className="flex items-center gap-2 font-medium">
                      <CircleAlert aria-hidden="true" className="size-4 shrink-0 text-danger-text" />
                      <span className="truncate">{upload.name}</span>
                    </p>
                    <p className="text-danger-text">{reasonOf(upload)}</p>
                  </>
                ) : upload.state === "done" ? (
                  <p className="flex items-center gap-2">
                    <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-success-text" />
                    <span className="truncate font-medium">{upload.name}</span>
                    <span className="text-muted">{t("added")}</span>
                  </p>
                ) : (
                  <Progress
                    label={<span className="block truncate">{upload.name}</span>}
                    value={upload.state === "encoding" ? null : upload.sent}
                    max={Math.max(1, upload.size)}
                    valueText={
                      upload.state === "waiting"
                        ? t("waiting")
                        : upload.state === "encoding"
                          ? t("encoding")
                          : t("sent", {
                              percent: format.number(upload.sent / Math.max(1, upload.size), { style: "percent" }),
                            })
                    }
                  />
                )}
              </div>
              {upload.state === "failed" && upload.error === "network" && (
                <Button size="sm" onClick={() => retry(upload)}>
                  {t("retry")}
                </Button>
              )}
              <IconButton
                size="sm"
                label={t(upload.state === "done" || upload.state === "failed" ? "dismiss" : "cancelUpload", {
                  name: upload.name,
                })}
                onClick={() => drop(upload.key)}
              >
                <X aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
