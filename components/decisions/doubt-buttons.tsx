"use client";

import { Check, Ellipsis, RotateCw, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { type Decisions, useDecision } from "./use-decision.tsx";

const choices = [
  { decision: "resend_doubts", Icon: RotateCw },
  { decision: "doubts_sent", Icon: Check },
  { decision: "doubts_given_up", Icon: X },
] as const;

interface DoubtButtonsProps {
  campaignId: string;
  decisions: Decisions;
  /** The one message they are about; all of the campaign's doubts without. */
  one?: { messageId: string; email: string };
}

/** What can be done about messages in doubt: send again, call them sent, give them up. */
export function DoubtButtons({ campaignId, decisions, one }: DoubtButtonsProps) {
  const t = useTranslations("decisions");
  const { ask, pending, dialog } = useDecision(campaignId, decisions);
  return (
    <>
      {choices.map(({ decision, Icon }) => (
        <Button
          key={decision}
          size="sm"
          icon={<Icon aria-hidden="true" />}
          loading={pending === decision}
          onClick={() => ask(decision, one)}
        >
          {t(one ? `buttonOne.${decision}` : `button.${decision}`)}
        </Button>
      ))}
      {dialog}
    </>
  );
}

/** The same for one person in a list. */
export function DoubtMenu({ campaignId, decisions, one }: Required<DoubtButtonsProps>) {
  const t = useTranslations("decisions");
  const { ask, dialog } = useDecision(campaignId, decisions);
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t("decide", { email: one.email })} size="sm">
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        {choices.map(({ decision, Icon }) => (
          <MenuItem key={decision} icon={<Icon aria-hidden="true" />} onClick={() => ask(decision, one)}>
            {t(`buttonOne.${decision}`)}
          </MenuItem>
        ))}
      </Menu>
      {dialog}
    </>
  );
}
