import { useTranslations } from "next-intl";
import { cn } from "./cn.ts";

/** A grey shape where something is about to be. Decorative: a `PageSkeleton` says once that things are loading. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cn("block h-4 animate-pulse rounded-md bg-neutral-soft", className)} />;
}

/** What a route's loading.tsx shows: the shape of a header and a list. */
export function PageSkeleton() {
  const t = useTranslations("ui");
  return (
    <div role="status" className="flex flex-col gap-3">
      <span className="sr-only">{t("loading")}</span>
      <Skeleton className="h-8 w-56" />
      <Skeleton className="mb-4 w-80 max-w-full" />
      {["a", "b", "c", "d", "e", "f"].map((row) => (
        <Skeleton key={row} className="h-13 w-full rounded-lg" />
      ))}
    </div>
  );
}
