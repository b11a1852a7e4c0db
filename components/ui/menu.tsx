"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./cn.ts";

interface MenuProps {
  trigger: ReactElement<Record<string, unknown>>;
  side?: "top" | "bottom" | "left" | "right";
  align?: "start" | "center" | "end";
  className?: string;
  children: ReactNode;
}

/** A menu of actions on the thing its trigger names. Filled with MenuItem, MenuLink, MenuRadioGroup, MenuSeparator. */
export function Menu({ trigger, side = "bottom", align = "end", className, children }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={4} className="z-50 outline-none">
          <Base.Popup className={cn("floating max-h-(--available-height) min-w-44 overflow-y-auto p-1", className)}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const itemStyles =
  "flex min-h-8 w-full cursor-default items-center gap-2.5 rounded-md px-2.5 py-1.5 text-left text-sm outline-none select-none " +
  "data-disabled:opacity-50 data-highlighted:bg-hover max-sm:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";

interface MenuItemProps {
  icon?: ReactNode;
  tone?: "danger";
  disabled?: boolean;
  onClick?: () => void;
  children: ReactNode;
}

export function MenuItem({ icon, tone, disabled, onClick, children }: MenuItemProps) {
  return (
    <Base.Item
      disabled={disabled}
      onClick={onClick}
      className={cn(
        itemStyles,
        tone === "danger" && "text-danger-text data-highlighted:bg-danger-soft [&_svg]:text-danger-text",
      )}
    >
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
    </Base.Item>
  );
}

interface MenuLinkProps {
  href: string;
  icon?: ReactNode;
  /** A file to save instead of a page to show. */
  download?: boolean;
  children: ReactNode;
}

export function MenuLink({ href, icon, download, children }: MenuLinkProps) {
  return (
    <Base.LinkItem
      render={<Link href={href} {...(download && { download: true, prefetch: false })} />}
      closeOnClick
      className={itemStyles}
    >
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
    </Base.LinkItem>
  );
}

interface MenuRadioGroupProps {
  label?: string;
  value: string;
  onValueChange: (value: string) => void;
  items: readonly { value: string; label: ReactNode; icon?: ReactNode }[];
}

export function MenuRadioGroup({ label, value, onValueChange, items }: MenuRadioGroupProps) {
  return (
    <Base.Group>
      {label && <Base.GroupLabel className={groupLabelStyles}>{label}</Base.GroupLabel>}
      <Base.RadioGroup value={value} onValueChange={(next) => onValueChange(String(next))}>
        {items.map((item) => (
          <Base.RadioItem key={item.value} value={item.value} closeOnClick className={itemStyles}>
            {item.icon}
            <span className="min-w-0 flex-1">{item.label}</span>
            <Base.RadioItemIndicator>
              <Check aria-hidden="true" className="text-accent-text!" />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

const groupLabelStyles = "px-2.5 pt-1.5 pb-1 text-xs font-medium text-muted";

export function MenuSeparator() {
  return <Base.Separator className="mx-1 my-1 h-px bg-line" />;
}
