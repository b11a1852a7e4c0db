"use client";

import {
  FileUp,
  Gauge,
  Globe,
  House,
  Images,
  Inbox,
  LayoutTemplate,
  List,
  type LucideIcon,
  Megaphone,
  Send,
  Settings,
  Tags,
  Users,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { cn } from "#components/ui/cn.ts";
import { isCurrentPlace, type NavEntry, type NavKey, type NavPlace } from "./console-nav.ts";

const icons: Record<NavKey, LucideIcon> = {
  home: House,
  campaigns: Megaphone,
  templates: LayoutTemplate,
  media: Images,
  audience: Users,
  subscribers: Users,
  lists: List,
  fields: Tags,
  imports: FileUp,
  senders: Send,
  domains: Globe,
  sending: Gauge,
  inbox: Inbox,
  settings: Settings,
};

export function SideNav({ nav, onNavigate }: { nav: readonly NavEntry[]; onNavigate?: () => void }) {
  const t = useTranslations("shell");
  return (
    <nav aria-label={t("mainNav")}>
      <ul className="flex flex-col gap-0.5">
        {nav.map((entry) =>
          "items" in entry ? (
            <li key={entry.key} className="my-2.5">
              <p id={`nav-${entry.key}`} className="px-2.5 pb-1 text-xs font-medium text-muted">
                {t(`nav.${entry.key}`)}
              </p>
              <ul aria-labelledby={`nav-${entry.key}`} className="flex flex-col gap-0.5">
                {entry.items.map((item) => (
                  <NavItem key={item.key} place={item} onNavigate={onNavigate} />
                ))}
              </ul>
            </li>
          ) : (
            <NavItem key={entry.key} place={entry} onNavigate={onNavigate} />
          ),
        )}
      </ul>
    </nav>
  );
}

function NavItem({ place, onNavigate }: { place: NavPlace; onNavigate: (() => void) | undefined }) {
  const t = useTranslations("shell");
  const current = isCurrentPlace(usePathname(), place.href);
  const Icon = icons[place.key];
  return (
    <li>
      <Link
        href={place.href}
        onClick={onNavigate}
        aria-current={current ? "page" : undefined}
        className={cn(
          "relative flex h-9 items-center gap-3 rounded-md px-2.5 text-sm font-medium text-muted transition-colors hover:bg-hover hover:text-ink max-lg:h-11",
          current &&
            "bg-raised text-ink shadow-xs hover:bg-raised before:absolute before:inset-y-2 before:left-0 before:w-0.75 before:rounded-full before:bg-brass [&_svg]:text-accent-text",
        )}
      >
        <Icon aria-hidden="true" className="size-4.5 shrink-0" />
        <span className="min-w-0 flex-1 truncate">{t(`nav.${place.key}`)}</span>
        {place.count !== undefined && place.count > 0 && (
          <span className="tabular rounded-full bg-accent-soft px-1.5 text-xs text-accent-text">{place.count}</span>
        )}
      </Link>
    </li>
  );
}
