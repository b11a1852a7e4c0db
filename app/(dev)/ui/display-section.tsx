import { Ellipsis, Megaphone } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { NavTabs } from "#components/ui/nav-tabs.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { PageSkeleton } from "#components/ui/skeleton.tsx";
import { Stat, StatRow } from "#components/ui/stat.tsx";
import { Table, TableBody, TableHead, Td, Th, Tr } from "#components/ui/table.tsx";
import { DateTime, RelativeTime } from "#components/ui/time.tsx";

const campaigns = [
  {
    name: "Spring sale: everything must bloom",
    status: (
      <Badge tone="success" dot>
        Sent
      </Badge>
    ),
    sent: "4,812",
    rate: "38.2 %",
    ageHours: 50,
  },
  {
    name: "Welcome, new neighbours",
    status: (
      <Badge tone="info" dot="pulse">
        Sending
      </Badge>
    ),
    sent: "1,204",
    rate: "12.0 %",
    ageHours: 0.05,
  },
  { name: "Opening hours in May", status: <Badge dot>Draft</Badge>, sent: "–", rate: "–", ageHours: 300 },
];

export function DisplaySection() {
  return (
    <>
      <StatRow>
        <Stat label="Sent" value={4812} hint="accepted by the relay" />
        <Stat label="Opened" value="38.2 %" hint="1,838 people, machines apart" />
        <Stat label="Clicked" value={412} hint="8.6 % of sent" />
        <Stat label="Failed" value={17} hint="with reasons in the list" tone="danger" />
      </StatRow>
      <div className="flex flex-wrap gap-2">
        <Badge>Neutral</Badge>
        <Badge tone="accent">Accent</Badge>
        <Badge tone="info" dot="pulse">
          Sending
        </Badge>
        <Badge tone="success" dot>
          Subscribed
        </Badge>
        <Badge tone="warning" dot>
          Unconfirmed
        </Badge>
        <Badge tone="danger" dot>
          Bounced
        </Badge>
      </div>
      <div>
        <NavTabs
          aria-label="Campaigns"
          items={[
            { href: "/ui", label: "All", count: 3 },
            { href: "/ui/drafts", label: "Drafts" },
          ]}
        />
        <div className="mt-5">
          <Table caption="Campaigns">
            <TableHead>
              <Th>Campaign</Th>
              <Th>Status</Th>
              <Th align="right">Sent</Th>
              <Th align="right">Opened</Th>
              <Th>Changed</Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </TableHead>
            <TableBody>
              {campaigns.map((campaign) => (
                <Tr key={campaign.name}>
                  <Td primary>{campaign.name}</Td>
                  <Td label="Status">{campaign.status}</Td>
                  <Td label="Sent" align="right">
                    {campaign.sent}
                  </Td>
                  <Td label="Opened" align="right">
                    {campaign.rate}
                  </Td>
                  <Td label="Changed" className="text-muted">
                    <RelativeTime at={new Date(Date.now() - campaign.ageHours * 3_600_000)} />
                  </Td>
                  <Td actions>
                    <IconButton size="sm" label={`Actions for ${campaign.name}`}>
                      <Ellipsis aria-hidden="true" />
                    </IconButton>
                  </Td>
                </Tr>
              ))}
            </TableBody>
          </Table>
          <Pagination previousHref={null} nextHref="/ui?after=x" summary="3 of 128 campaigns" />
        </div>
      </div>
      <Card>
        <CardHeader title="Progress and messages" />
        <CardBody className="flex flex-col gap-4">
          <Progress label="Sending" value={1204} max={5000} valueText="1,204 of 5,000" />
          <Progress label="Reading the file" value={null} valueText="Counting rows…" />
          <Progress label="Done" value={100} tone="success" />
          <Callout>
            The built-in inbox receives these mails. Scheduled for{" "}
            <DateTime at={new Date(Date.UTC(2026, 10, 24, 14, 5))} />.
          </Callout>
          <Callout tone="success" title="Connected">
            The sender accepted the login.
          </Callout>
          <Callout tone="warning" title="No postal address yet" actions={<Button size="sm">Add address</Button>}>
            A campaign without one cannot be sent.
          </Callout>
          <Callout tone="danger" title="The sender refused the password">
            Check the user name and the password, then test again.
          </Callout>
        </CardBody>
      </Card>
      <EmptyState
        icon={<Megaphone />}
        title="No campaigns yet"
        description="A campaign is one newsletter to one audience."
        action={<Button variant="primary">New campaign</Button>}
        secondary={
          <a href="/ui" className="link text-sm">
            See an example
          </a>
        }
      />
      <PageSkeleton />
    </>
  );
}
