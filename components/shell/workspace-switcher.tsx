"use client";

import { ChevronsUpDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Menu, MenuRadioGroup } from "#components/ui/menu.tsx";
import { Spinner } from "#components/ui/spinner.tsx";

export interface ShellWorkspace {
  id: string;
  name: string;
  isSample?: boolean;
}

interface WorkspaceSwitcherProps {
  workspaces: readonly ShellWorkspace[];
  current: ShellWorkspace;
  switchWorkspace: (workspaceId: string) => Promise<void>;
}

/** Names the workspace one works in; a menu only where there is another to go to. */
export function WorkspaceSwitcher({ workspaces, current, switchWorkspace }: WorkspaceSwitcherProps) {
  const t = useTranslations("shell");
  const [pending, startTransition] = useTransition();
  const face = (
    <>
      <span
        aria-hidden="true"
        className="grid size-8 shrink-0 place-items-center rounded-md bg-accent text-sm font-semibold text-on-accent"
      >
        {[...current.name.trim()][0]?.toUpperCase()}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-semibold text-ink">{current.name}</span>
        {current.isSample ? (
          <Badge tone="warning" className="mt-0.5">
            {t("sampleWorkspace")}
          </Badge>
        ) : (
          <span className="block text-xs text-muted">{t("workspace")}</span>
        )}
      </span>
    </>
  );
  const boxStyles = "flex w-full items-center gap-2.5 rounded-lg border border-line bg-surface p-2 text-left shadow-xs";
  if (workspaces.length < 2) return <div className={boxStyles}>{face}</div>;
  return (
    <Menu
      align="start"
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={`${t("workspaceNamed", { name: current.name })}. ${current.isSample ? `${t("sampleWorkspace")}. ` : ""}${t("switchWorkspace")}`}
          className={`${boxStyles} transition-colors hover:bg-hover`}
        >
          {face}
          {pending ? <Spinner /> : <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-muted" />}
        </button>
      }
    >
      <MenuRadioGroup
        label={t("switchWorkspace")}
        value={current.id}
        onValueChange={(id) => {
          if (id !== current.id) startTransition(() => switchWorkspace(id));
        }}
        items={workspaces.map((workspace) => ({
          value: workspace.id,
          label: (
            <span className="flex items-center gap-2">
              <span className="truncate">{workspace.name}</span>
              {workspace.isSample && <Badge tone="warning">{t("sample")}</Badge>}
            </span>
          ),
        }))}
      />
    </Menu>
  );
}
