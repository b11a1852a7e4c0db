"use client";

import { Ellipsis, Pencil, Plus, Zap } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { notify } from "#components/ui/notify.ts";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { RelativeTime } from "#components/ui/time.tsx";
import type { LaneView } from "#lib/reports/sending.ts";
import { type LaneActions, LaneDialog } from "./lane-dialog.tsx";

interface LaneCardProps {
  lanes: readonly LaneView[];
  /** Null for people who may only look. */
  actions: LaneActions | null;
}

/** Receiving domains that are slowed down or capped, with the answer that slowed them. */
export function LaneCard({ lanes, actions }: LaneCardProps) {
  const t = useTranslations("sending.lanes");
  const [edited, setEdited] = useState<LaneView | "new" | null>(null);
  return (
    <Card>
      <CardHeader
        title={t("title")}
        description={t("description")}
        actions={
          actions && (
            <Button size="sm" icon={<Plus aria-hidden="true" />} onClick={() => setEdited("new")}>
              {t("add")}
            </Button>
          )
        }
      />
      <CardBody>
        {lanes.length === 0 ? (
          <p className="text-sm text-muted">{t("empty")}</p>
        ) : (
          <Table caption={t("caption")} className="sm:border-0 sm:shadow-none">
            <TableHead>
              <Th>{t("name")}</Th>
              <Th>{t("pace")}</Th>
              <Th>{t("caps")}</Th>
              {actions && (
                <Th>
                  <span className="sr-only">{t("edit")}</span>
                </Th>
              )}
            </TableHead>
            <TableBody>
              {lanes.map((lane) => (
                <Tr key={lane.name}>
                  <Td primary className="wrap-anywhere">
                    {lane.name}
                  </Td>
                  <Td label={t("pace")}>
                    <Pace lane={lane} />
                  </Td>
                  <Td label={t("caps")}>
                    <Caps lane={lane} />
                  </Td>
                  {actions && (
                    <Td actions>
                      <LaneMenu lane={lane} actions={actions} onEdit={() => setEdited(lane)} />
                    </Td>
                  )}
                </Tr>
              ))}
            </TableBody>
          </Table>
        )}
      </CardBody>
      {actions && edited && (
        <LaneDialog
          key={edited === "new" ? "new" : edited.name}
          lane={edited === "new" ? null : edited}
          save={actions.save}
          onClose={() => setEdited(null)}
        />
      )}
    </Card>
  );
}

function Pace({ lane }: { lane: LaneView }) {
  const t = useTranslations("sending.lanes");
  const format = useFormatter();
  if (lane.slowedRate === null) return t("full");
  return (
    <span className="flex min-w-0 flex-col gap-0.5 max-sm:items-end">
      <span className="tabular text-warning-text">
        {t("slowed", { rate: format.number(lane.slowedRate, { maximumFractionDigits: 2 }) })}
      </span>
      <span className="text-xs text-muted">
        {lane.slowedAt && t.rich("slowedSince", { when: () => <RelativeTime at={lane.slowedAt ?? ""} past /> })}
        {lane.slowedAt && lane.raiseAt && ", "}
        {lane.raiseAt && t.rich("raised", { when: () => <RelativeTime at={lane.raiseAt ?? ""} /> })}
      </span>
      {lane.detail && <span className="text-xs wrap-anywhere text-muted">{lane.detail}</span>}
    </span>
  );
}

function Caps({ lane }: { lane: LaneView }) {
  const t = useTranslations("sending.lanes");
  const format = useFormatter();
  const caps = [
    lane.connections === null ? null : t("connectionsCap", { count: lane.connections }),
    lane.ratePerSecond === null
      ? null
      : t("rateCap", { rate: format.number(lane.ratePerSecond, { maximumFractionDigits: 2 }) }),
  ].filter((cap) => cap !== null);
  if (caps.length === 0) return <span className="text-muted">{t("noCaps")}</span>;
  return <span className="tabular">{caps.join(", ")}</span>;
}

function LaneMenu({ lane, actions, onEdit }: { lane: LaneView; actions: LaneActions; onEdit: () => void }) {
  const t = useTranslations("sending.lanes");
  async function forget() {
    const answer = await actions.forget(lane.name);
    if (answer.ok) notify.success(t("forgotten", { name: lane.name }));
    else notify.error(answer.message);
  }
  return (
    <Menu
      trigger={
        <IconButton label={t("more", { name: lane.name })} size="sm">
          <Ellipsis aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem icon={<Pencil aria-hidden="true" />} onClick={onEdit}>
        {t("edit")}
      </MenuItem>
      {lane.slowedRate !== null && (
        <MenuItem icon={<Zap aria-hidden="true" />} onClick={forget}>
          {t("forget")}
        </MenuItem>
      )}
    </Menu>
  );
}
