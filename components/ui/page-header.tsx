import type { ReactNode } from "react";
import { Breadcrumbs, type Crumb } from "./breadcrumbs.tsx";

interface PageHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  /** Stands beside the title: a status badge. */
  badge?: ReactNode;
  /** Buttons; the main one last. */
  actions?: ReactNode;
  breadcrumbs?: readonly Crumb[];
}

/** The one h1 of a page. */
export function PageHeader({ title, description, badge, actions, breadcrumbs }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-col gap-2 sm:mb-7">
      {breadcrumbs && <Breadcrumbs items={breadcrumbs} />}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <h1 className="text-xl font-semibold wrap-anywhere sm:text-2xl">{title}</h1>
            {badge}
          </div>
          {description && <p className="mt-1.5 max-w-prose text-sm text-muted">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </header>
  );
}
