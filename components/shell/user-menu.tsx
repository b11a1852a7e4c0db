"use client";

import { ChevronsUpDown, KeyRound, LogOut } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { ThemeMenuGroup } from "./theme-toggle.tsx";

export interface ShellUser {
  name: string;
  email: string;
}

interface UserMenuProps {
  user: ShellUser;
  changePasswordHref: string;
  logOut: () => Promise<void>;
}

export function UserMenu({ user, changePasswordHref, logOut }: UserMenuProps) {
  const t = useTranslations("shell");
  const [pending, startTransition] = useTransition();
  return (
    <Menu
      side="top"
      align="start"
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={t("account", { name: user.name })}
          className="flex w-full items-center gap-2.5 rounded-lg p-2 text-left transition-colors hover:bg-hover data-popup-open:bg-hover"
        >
          <span
            aria-hidden="true"
            className="grid size-8 shrink-0 place-items-center rounded-full border border-line bg-neutral-soft text-xs font-semibold text-neutral-text"
          >
            {initials(user.name)}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate text-sm font-medium text-ink">{user.name}</span>
            <span className="block truncate text-xs text-muted">{user.email}</span>
          </span>
          {pending ? <Spinner /> : <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-muted" />}
        </button>
      }
    >
      <ThemeMenuGroup />
      <MenuSeparator />
      <MenuLink href={changePasswordHref} icon={<KeyRound aria-hidden="true" />}>
        {t("changePassword")}
      </MenuLink>
      <MenuItem icon={<LogOut aria-hidden="true" />} onClick={() => startTransition(() => logOut())}>
        {t("logOut")}
      </MenuItem>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("");
}
