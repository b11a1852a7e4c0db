import { ThemeToggle } from "#components/shell/theme-toggle.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { ActionsSection } from "./actions-section.tsx";
import { DisplaySection } from "./display-section.tsx";
import { FormSection } from "./form-section.tsx";
import { MediaSection } from "./media-section.tsx";
import { OverlaySection } from "./overlay-section.tsx";

export function Gallery() {
  return (
    <main className="mx-auto max-w-5xl px-4 py-8 sm:px-8">
      <PageHeader
        title="UI gallery"
        description="Every component in one place, in the light of the day and of the night."
        badge={<Badge tone="accent">dev only</Badge>}
        breadcrumbs={[{ label: "Home", href: "/" }, { label: "UI gallery" }]}
        actions={
          <>
            <ButtonLink href="/">Home</ButtonLink>
            <ThemeToggle />
          </>
        }
      />
      <div className="flex flex-col gap-8">
        <ActionsSection />
        <FormSection />
        <DisplaySection />
        <OverlaySection />
        <MediaSection />
      </div>
    </main>
  );
}
