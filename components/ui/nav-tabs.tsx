"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { TabCount, tabListStyles, tabStyles } from "./tabs.tsx";

interface NavTabsProps {
  items: readonly { href: string; label: ReactNode; count?: number }[];
  "aria-label": string;
}

/** Tabs that are links to sibling pages; the current one is found by its path. */
export function NavTabs({ items, ...rest }: NavTabsProps) {
  const pathname = usePathname();
  return (
    <nav aria-label={rest["aria-label"]} className={tabListStyles}>
      {items.map((item) => {
        const current = pathname === item.href.split("?")[0];
        return (
          <Link
            key={item.href}
            href={item.href}
            aria-current={current ? "page" : undefined}
            className={cn(tabStyles, current && "border-accent text-ink")}
          >
            {item.label}
            {item.count !== undefined && <TabCount>{item.count}</TabCount>}
          </Link>
        );
      })}
    </nav>
  );
}
