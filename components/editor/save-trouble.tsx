"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";

interface SaveTroubleProps {
  conflict: boolean;
  /** When a copy was left in this browser by an earlier visit. */
  localAt: string | null;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  onRestoreLocal: () => void;
  onDropLocal: () => void;
}

/** What to do when somebody else saved first, or when an earlier visit ended before its last words were saved. */
export function SaveTrouble(props: SaveTroubleProps) {
  const t = useTranslations("editor.save");
  const format = useFormatter();
  if (props.conflict) {
    return (
      <Callout
        tone="danger"
        title={t("conflictTitle")}
        live
        actions={
          <>
            <Button size="sm" onClick={props.onTakeTheirs}>
              {t("takeTheirs")}
            </Button>
            <Button size="sm" variant="primary" onClick={props.onKeepMine}>
              {t("keepMine")}
            </Button>
          </>
        }
      >
        {t("conflictText")}
      </Callout>
    );
  }
  if (!props.localAt) return null;
  const time = format.dateTime(new Date(props.localAt), { dateStyle: "medium", timeStyle: "short" });
  return (
    <Callout
      tone="warning"
      title={t("localTitle", { time })}
      actions={
        <>
          <Button size="sm" onClick={props.onDropLocal}>
            {t("dropLocal")}
          </Button>
          <Button size="sm" variant="primary" onClick={props.onRestoreLocal}>
            {t("restoreLocal")}
          </Button>
        </>
      }
    >
      {t("localText")}
    </Callout>
  );
}
