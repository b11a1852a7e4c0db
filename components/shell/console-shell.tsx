import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { consoleNav, type NavEntry } from "./console-nav.ts";
import { Logo } from "./logo.tsx";
import { PhoneMenu } from "./phone-menu.tsx";
import { SideNav } from "./side-nav.tsx";
import { TimeZoneProvider } from "./time-zone-provider.tsx";
import { type ShellUser, UserMenu } from "./user-menu.tsx";
import { type ShellWorkspace, WorkspaceSwitcher } from "./workspace-switcher.tsx";

export interface ConsoleShellProps {
  workspaces: readonly ShellWorkspace[];
  /** `timeZone` is IANA; everything `DateTime` and `RelativeTime` show below is in it. */
  current: ShellWorkspace & { timeZone: string };
  user: ShellUser;
  nav?: readonly NavEntry[];
  /** Server action; redirects or revalidates by itself. */
  switchWorkspace: (workspaceId: string) => Promise<void>;
  /** Server action; redirects by itself. */
  logOut: () => Promise<void>;
  changePasswordHref: string;
  children: ReactNode;
}

/** The frame of every page behind login: navigation on the left, or behind a button on phones; the page is `main`. */
export function ConsoleShell(props: ConsoleShellProps) {
  const { workspaces, current, user, nav = consoleNav, switchWorkspace, logOut, changePasswordHref, children } = props;
  const t = useTranslations("shell");
  const switcher = <WorkspaceSwitcher workspaces={workspaces} current={current} switchWorkspace={switchWorkspace} />;
  const userMenu = <UserMenu user={user} changePasswordHref={changePasswordHref} logOut={logOut} />;
  return (
    <TimeZoneProvider timeZone={current.timeZone}>
      <SkipLink />
      <div className="lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)]">
        <aside className="hidden border-r border-line bg-sunken lg:block">
          <div className="sticky top-0 flex h-dvh flex-col">
            <div className="flex flex-col gap-4 px-3.5 pt-4.5 pb-3">
              <Link href="/" className="mx-1.5 self-start rounded-md">
                <Logo />
              </Link>
              {switcher}
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto px-3.5 py-1">
              <SideNav nav={nav} />
            </div>
            <div className="border-t border-line p-2">{userMenu}</div>
          </div>
        </aside>
        <div className="flex min-h-dvh min-w-0 flex-col">
          <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-b border-line bg-paper/95 px-3 backdrop-blur lg:hidden">
            <PhoneMenu nav={nav} switcher={switcher} userMenu={userMenu} />
            <Link href="/" className="flex h-10 items-center rounded-md">
              <Logo />
            </Link>
            <span className="ml-auto flex min-w-0 items-center gap-2">
              {current.isSample ? (
                <Badge tone="warning">{t("sampleWorkspace")}</Badge>
              ) : (
                <span className="truncate text-sm text-muted">{current.name}</span>
              )}
            </span>
          </header>
          <main
            id="content"
            tabIndex={-1}
            className="mx-auto w-full max-w-6xl flex-1 px-4 py-6 outline-none sm:px-8 sm:py-9"
          >
            {children}
          </main>
        </div>
      </div>
    </TimeZoneProvider>
  );
}

function SkipLink() {
  const t = useTranslations("shell");
  return (
    <a
      href="#content"
      className="fixed -top-20 left-3 z-50 rounded-md bg-accent px-4 py-2.5 font-medium text-on-accent focus:top-3"
    >
      {t("skip")}
    </a>
  );
}
