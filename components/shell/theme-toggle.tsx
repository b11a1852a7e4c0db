"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTheme } from "next-themes";
import { Button } from "#components/ui/button.tsx";
import { Menu, MenuRadioGroup } from "#components/ui/menu.tsx";

/** System, light or dark, as a group inside another menu. */
export function ThemeMenuGroup() {
  const t = useTranslations("shell");
  const { theme, setTheme } = useTheme();
  return (
    <MenuRadioGroup
      label={t("theme")}
      value={theme ?? "system"}
      onValueChange={setTheme}
      items={[
        { value: "system", label: t("themeSystem"), icon: <Monitor aria-hidden="true" /> },
        { value: "light", label: t("themeLight"), icon: <Sun aria-hidden="true" /> },
        { value: "dark", label: t("themeDark"), icon: <Moon aria-hidden="true" /> },
      ]}
    />
  );
}

/** The same on its own, for pages without the user menu. CSS picks the icon, so nothing flickers on load. */
export function ThemeToggle() {
  const t = useTranslations("shell");
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon" aria-label={t("theme")}>
          <Sun aria-hidden="true" className="dark:hidden" />
          <Moon aria-hidden="true" className="hidden dark:block" />
        </Button>
      }
    >
      <ThemeMenuGroup />
    </Menu>
  );
}
