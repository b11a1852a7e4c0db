"use client";

import { Menu as MenuIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import type { NavEntry } from "./console-nav.ts";
import { Logo } from "./logo.tsx";
import { SideNav } from "./side-nav.tsx";

interface PhoneMenuProps {
  nav: readonly NavEntry[];
  switcher: ReactNode;
  userMenu: ReactNode;
}

/** The sidebar's content behind a button. Going to a page closes it. */
export function PhoneMenu({ nav, switcher, userMenu }: PhoneMenuProps) {
  const t = useTranslations("shell");
  const [open, setOpen] = useState(false);
  return (
    <Sheet
      title={t("menu")}
      hideTitle
      side="left"
      open={open}
      onOpenChange={setOpen}
      className="bg-sunken"
      trigger={
        <Button variant="ghost" size="icon" aria-label={t("openMenu")}>
          <MenuIcon aria-hidden="true" className="size-5!" />
        </Button>
      }
    >
      <div className="flex min-h-full flex-col gap-4 pt-4">
        <Logo className="h-8" />
        {switcher}
        <div className="flex-1">
          <SideNav nav={nav} onNavigate={() => setOpen(false)} />
        </div>
        <div className="-mx-2 -mb-2 border-t border-line pt-2">{userMenu}</div>
      </div>
    </Sheet>
  );
}
