import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { requireActor } from "#app/_web/actor.ts";
import { MediaLibrary } from "#components/media/media-library.tsx";
import { FilterBar, SearchFilter, SelectFilter } from "#components/ui/filter-bar.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { may } from "#lib/auth/roles.ts";
import { db } from "#lib/db.ts";
import { listMedia, listMediaTags, mediaPageSize } from "#lib/media/find.ts";
import { mediaQuery } from "#lib/media/input.ts";
import { mediaLimits } from "#lib/media/limits.ts";
import { cropMediaAction, mediaUsesAction, removeMediaAction, restoreMediaAction, saveMediaAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("media"))("title") };
}

const actions = {
  save: saveMediaAction,
  crop: cropMediaAction,
  remove: removeMediaAction,
  restore: restoreMediaAction,
  uses: mediaUsesAction,
};

export default async function MediaPage({ searchParams }: PageProps<"/media">) {
  const { scope } = await requireActor();
  const t = await getTranslations("media");
  const query = mediaQuery.parse(await searchParams);
  const { items, total, next } = await listMedia(db(), scope, query);
  const tags = await listMediaTags(db(), scope);
  const href = (after: number) => {
    const asked = { q: query.q, tag: query.tag, sort: query.sort === "newest" ? undefined : query.sort };
    const set = Object.entries({ ...asked, after: after > 0 ? String(after) : undefined });
    const text = new URLSearchParams(set.filter((pair): pair is [string, string] => pair[1] !== undefined)).toString();
    return text ? `/media?${text}` : "/media";
  };
  return (
    <MediaLibrary
      items={items}
      isFiltered={query.q !== undefined || query.tag !== undefined || query.after > 0}
      maxBytes={mediaLimits().maxBytes}
      mayWrite={may(scope, "write")}
      actions={actions}
      filters={
        <FilterBar params={["q", "tag"]}>
          <SearchFilter label={t("search")} placeholder={t("search")} />
          {tags.length > 0 && (
            <SelectFilter
              label={t("tag")}
              param="tag"
              items={tags.map((tag) => ({ value: tag, label: tag }))}
              allLabel={t("allTags")}
            />
          )}
          <SelectFilter
            label={t("sort")}
            param="sort"
            items={[
              { value: "oldest", label: t("oldest") },
              { value: "name", label: t("byName") },
              { value: "largest", label: t("largest") },
            ]}
            allLabel={t("newest")}
          />
        </FilterBar>
      }
      pages={
        <Pagination
          previousHref={query.after > 0 ? href(Math.max(0, query.after - mediaPageSize)) : null}
          nextHref={next === null ? null : href(next)}
          summary={items.length > 0 && t("summary", { from: query.after + 1, to: query.after + items.length, total })}
        />
      }
    />
  );
}
