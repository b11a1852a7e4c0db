"use client";

import { FileUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { cn } from "#components/ui/cn.ts";
import { Progress } from "#components/ui/progress.tsx";
import { bytesInWords, useUpload } from "./use-upload.ts";

/** Takes a file by drop or by dialog, uploads it and goes on to its columns. */
export function UploadBox({ maxBytes }: { maxBytes: number }) {
  const t = useTranslations("imports");
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const upload = useUpload((id) => router.push(`/imports/${id}`));
  const size = bytesInWords(maxBytes);

  function take(file: File | undefined) {
    if (!file) return;
    setTooLarge(file.size > maxBytes);
    if (file.size <= maxBytes) upload.start(file);
  }
  const latest = useRef(take);
  latest.current = take;

  // The whole page takes the drop: beside the box the browser would open the file instead.
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setIsOver(false);
      latest.current(event.dataTransfer?.files[0]);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);

  if (upload.file) {
    return (
      <div className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-6">
        <Progress
          label={t("uploading", { name: upload.file.name })}
          value={upload.sent}
          max={Math.max(1, upload.file.size)}
        />
        <div>
          <Button size="sm" onClick={upload.cancel}>
            {t("uploadCancel")}
          </Button>
        </div>
      </div>
    );
  }
  const problem = tooLarge ? t("tooLarge", { size }) : upload.error === "network" ? t("uploadFailed") : upload.error;
  return (
    <div className="flex flex-col gap-4">
      {problem && (
        <Callout tone="danger" live>
          {problem}
        </Callout>
      )}
      <div
        className={cn(
          "flex flex-col items-center gap-3 rounded-xl border-2 border-dashed px-6 py-14 text-center transition-colors",
          isOver ? "border-accent bg-accent-soft" : "border-line bg-surface",
        )}
      >
        <FileUp aria-hidden="true" className="size-8 text-muted" />
        <p className="font-medium">
          {t("drop")} <span className="font-normal text-muted">{t("or")}</span>
        </p>
        <Button variant="primary" onClick={() => input.current?.click()}>
          {t("choose")}
        </Button>
        <input
          ref={input}
          type="file"
          aria-label={t("choose")}
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
        <p className="max-w-md text-sm text-balance text-muted">{t("limit", { size })}</p>
      </div>
    </div>
  );
}
