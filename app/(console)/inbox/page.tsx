import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { DeleteMails } from "#components/inbox/delete-mails.tsx";
import { InboxWatcher } from "#components/inbox/inbox-watcher.tsx";
import { MailTable } from "#components/inbox/mail-table.tsx";
import { NoMails } from "#components/inbox/no-mails.tsx";
import { FilterBar, SearchFilter } from "#components/ui/filter-bar.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { may } from "#lib/auth/roles.ts";
import { config } from "#lib/config.ts";
import { db } from "#lib/db.ts";
import { inboxState, listMails, mailListInput } from "#lib/inbox/list.ts";
import { deleteMailsAction, restoreMailsAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("inbox"))("title") };
}

export default async function InboxPage({ searchParams }: PageProps<"/inbox">) {
  const { scope } = await requireActor();
  const t = await getTranslations("inbox");
  const input = mailListInput.parse(await searchParams);
  const [page, state] = await Promise.all([listMails(db(), scope, input), inboxState(db(), scope)]);
  const href = (cursor: Record<string, string>) =>
    `/inbox?${new URLSearchParams({ ...(input.q ? { q: input.q } : {}), ...cursor })}`;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          may(scope, "write") &&
          page.total > 0 && (
            <DeleteMails count={page.total} deleteMails={deleteMailsAction} restoreMails={restoreMailsAction} />
          )
        }
      />
      <InboxWatcher newestId={state.newestId} total={state.total} />
      {page.total === 0 ? (
        <NoMails />
      ) : (
        <>
          <FilterBar params={["q"]}>
            <SearchFilter label={t("searchLabel")} placeholder={t("searchLabel")} />
          </FilterBar>
          {page.mails.length === 0 ? <NoMails isSearch /> : <MailTable mails={page.mails} />}
          <Pagination
            previousHref={page.previous && href({ before: page.previous })}
            nextHref={page.next && href({ after: page.next })}
            summary={
              page.total >= config().INBOX_KEEP_MAILS
                ? t("keeps", { count: config().INBOX_KEEP_MAILS })
                : t("summary", { shown: page.mails.length, total: page.total })
            }
          />
        </>
      )}
    </>
  );
}
