"use client";

import { Ellipsis, Mail, Monitor, Pencil, Plus, Smartphone, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { CopyButton, CopyField } from "#components/ui/copy-button.tsx";
import { FilterBar, SearchFilter, SelectFilter } from "#components/ui/filter-bar.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Tabs } from "#components/ui/tabs.tsx";

const row = "flex flex-wrap items-center gap-2.5";

export function ActionsSection() {
  const [width, setWidth] = useState<"desktop" | "phone">("desktop");
  const [loading, setLoading] = useState(true);
  return (
    <Card>
      <CardHeader title="Actions" description="Buttons, menus, tabs, toasts." />
      <CardBody className="flex flex-col gap-5">
        <div className={row}>
          <Button variant="primary" icon={<Plus aria-hidden="true" />}>
            New campaign
          </Button>
          <Button>Secondary</Button>
          <Button variant="ghost">Ghost</Button>
          <Button variant="danger">Delete</Button>
          <Button variant="danger-ghost" icon={<Trash2 aria-hidden="true" />}>
            Remove
          </Button>
          <Button variant="link">A link</Button>
          <Button disabled>Disabled</Button>
          <Button variant="primary" disabled>
            Disabled
          </Button>
        </div>
        <div className={row}>
          <Button variant="primary" size="lg" loading={loading} onClick={() => setLoading(true)}>
            Send to 1,204 people
          </Button>
          <Button size="sm" onClick={() => setLoading(!loading)}>
            Toggle loading
          </Button>
          <ButtonLink href="/ui" icon={<Mail aria-hidden="true" />}>
            Link as button
          </ButtonLink>
          <IconButton label="Edit">
            <Pencil aria-hidden="true" />
          </IconButton>
          <Menu
            trigger={
              <IconButton label="More actions" variant="secondary">
                <Ellipsis aria-hidden="true" />
              </IconButton>
            }
          >
            <MenuItem icon={<Pencil aria-hidden="true" />}>Rename</MenuItem>
            <MenuLink href="/ui" icon={<Mail aria-hidden="true" />}>
              Open
            </MenuLink>
            <MenuSeparator />
            <MenuItem tone="danger" icon={<Trash2 aria-hidden="true" />}>
              Delete
            </MenuItem>
          </Menu>
          <SegmentedControl
            label="Preview width"
            value={width}
            onValueChange={setWidth}
            items={[
              { value: "desktop", label: "Desktop", icon: <Monitor aria-hidden="true" /> },
              { value: "phone", label: "Phone", icon: <Smartphone aria-hidden="true" /> },
            ]}
          />
          <span className="text-muted">
            <Kbd>Ctrl</Kbd> <Kbd>K</Kbd>
          </span>
        </div>
        <div className={row}>
          <Button onClick={() => notify.success("Saved", { description: "All changes are on the server." })}>
            Toast
          </Button>
          <Button onClick={() => notify.error("The sender refused the password")}>Error toast</Button>
          <Button
            onClick={() => notify.undo("List archived", { label: "Undo", onUndo: () => notify.info("Back again") })}
          >
            Toast with undo
          </Button>
          <CopyButton value="posthorn" label="Copy text" />
          <CopyButton value="posthorn" />
        </div>
        <CopyField
          label="SPF record"
          value="v=spf1 include:_spf.example.com ip4:203.0.113.7 include:mail.example.org -all"
        />
        <FilterBar params={["q", "status"]}>
          <SearchFilter label="Search subscribers" />
          <SelectFilter
            label="Status"
            param="status"
            allLabel="Every status"
            items={[
              { value: "subscribed", label: "Subscribed" },
              { value: "bounced", label: "Bounced" },
            ]}
          />
        </FilterBar>
        <Tabs
          aria-label="Mail"
          tabs={[
            { value: "html", label: "HTML", content: <p>The mail as it looks.</p> },
            { value: "text", label: "Text", content: <p>The mail in words.</p> },
            { value: "links", label: "Links", count: 12, content: <p>Where it leads.</p> },
          ]}
        />
      </CardBody>
    </Card>
  );
}
