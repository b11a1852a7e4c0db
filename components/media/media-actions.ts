import type { ActionResult } from "#components/ui/action-result.ts";
import type { MediaItem } from "#lib/media/find.ts";
import type { MediaUse } from "#lib/media/uses.ts";

/** What the page Media can do to a picture; server actions, handed in by the page. */
export interface MediaActions {
  save: (input: { id: string; name: string; alt: string; tags: string[] }) => Promise<ActionResult>;
  crop: (input: {
    id: string;
    name: string;
    width: number;
    crop: { left: number; top: number; width: number; height: number };
  }) => Promise<ActionResult<MediaItem>>;
  remove: (input: { id: string }) => Promise<ActionResult<{ name: string; kept: boolean }>>;
  restore: (input: { id: string }) => Promise<ActionResult>;
  uses: (input: { id: string }) => Promise<ActionResult<MediaUse[]>>;
}
