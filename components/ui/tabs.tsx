"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface TabsProps {
  tabs: readonly { value: string; label: ReactNode; count?: number; content: ReactNode }[];
  defaultValue?: string;
  value?: string;
  onValueChange?: (value: string) => void;
  "aria-label": string;
  className?: string;
}

/** Views of one thing on one page. Tabs that are pages of their own are `NavTabs`. */
export function Tabs({ tabs, defaultValue, value, onValueChange, className, ...rest }: TabsProps) {
  return (
    <Base.Root
      value={value}
      defaultValue={defaultValue ?? tabs[0]?.value}
      onValueChange={(next) => onValueChange?.(String(next))}
      className={className}
    >
      <Base.List aria-label={rest["aria-label"]} className={tabListStyles}>
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className={cn(tabStyles, "data-active:border-accent data-active:text-ink")}
          >
            {tab.label}
            {tab.count !== undefined && <TabCount>{tab.count}</TabCount>}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="pt-5">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}

export const tabListStyles = "flex gap-5 overflow-x-auto border-b border-line [scrollbar-width:none]";

export const tabStyles =
  "-mb-px flex h-10 shrink-0 items-center gap-2 border-b-2 border-transparent px-0.5 text-sm font-medium text-muted hover:text-ink focus-visible:-outline-offset-2";

export function TabCount({ children }: { children: ReactNode }) {
  return (
    <span className="tabular rounded-full bg-neutral-soft px-1.5 py-px text-xs text-neutral-text">{children}</span>
  );
}
