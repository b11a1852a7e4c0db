"use server";

import { refresh } from "next/cache";
import type { z } from "zod";
import { act } from "#app/_web/act.ts";
import { db } from "#lib/db.ts";
import { cropMedia } from "#lib/media/add.ts";
import { removeMedia, restoreMedia, saveMedia } from "#lib/media/edit.ts";
import { cropMediaInput, mediaId, saveMediaInput } from "#lib/media/input.ts";
import { mediaLimits } from "#lib/media/limits.ts";
import { listMediaUses } from "#lib/media/uses.ts";
import { storage } from "#lib/storage.ts";

export async function saveMediaAction(input: z.input<typeof saveMediaInput>) {
  return act(saveMediaInput, input, async ({ scope }, parsed) => {
    await saveMedia(db(), scope, parsed);
    refresh();
    return null;
  });
}

export async function cropMediaAction(input: z.input<typeof cropMediaInput>) {
  return act(cropMediaInput, input, async ({ scope }, parsed) => {
    const made = await cropMedia(db(), scope, storage(), parsed, mediaLimits());
    refresh();
    return made;
  });
}

export async function removeMediaAction(input: z.input<typeof mediaId>) {
  return act(mediaId, input, async ({ scope }, { id }) => {
    const removed = await removeMedia(db(), scope, id);
    refresh();
    return removed;
  });
}

export async function restoreMediaAction(input: z.input<typeof mediaId>) {
  return act(mediaId, input, async ({ scope }, { id }) => {
    await restoreMedia(db(), scope, id);
    refresh();
    return null;
  });
}

export async function mediaUsesAction(input: z.input<typeof mediaId>) {
  return act(mediaId, input, ({ scope }, { id }) => listMediaUses(db(), scope, id));
}
