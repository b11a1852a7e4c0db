import { Inbox, SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** An inbox without mails, or a search without a match. */
export function NoMails({ isSearch = false }: { isSearch?: boolean }) {
  const t = useTranslations(isSearch ? "inbox.noMatches" : "inbox.empty");
  return (
    <EmptyState
      icon={isSearch ? <SearchX /> : <Inbox />}
      title={t("title")}
      description={t("text")}
      action={
        <ButtonLink href={isSearch ? "/inbox" : "/campaigns"} variant={isSearch ? "secondary" : "primary"}>
          {t("action")}
        </ButtonLink>
      }
    />
  );
}
