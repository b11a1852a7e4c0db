"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { act } from "#app/_web/act.ts";
import { getTemplate } from "#lib/campaigns/find-template.ts";
import {
  createTemplateInput,
  renameTemplateInput,
  saveTemplateInput,
  startFrom,
  templateId,
} from "#lib/campaigns/input.ts";
import {
  archiveTemplate,
  createTemplate,
  duplicateTemplate,
  restoreTemplate,
  saveTemplate,
} from "#lib/campaigns/templates.ts";
import { db } from "#lib/db.ts";

/** Makes a template and opens it. */
export async function createTemplateAction(input: z.input<typeof startFrom>) {
  const t = await getTranslations("templates");
  const made = await act(startFrom, input, ({ scope }, from) =>
    createTemplate(db(), scope, createTemplateInput.parse({ name: t("untitled"), from })),
  );
  if (!made.ok) return made;
  redirect(`/templates/${made.data}`);
}

export async function saveTemplateAction(input: z.input<typeof saveTemplateInput>) {
  return act(saveTemplateInput, input, async ({ scope }, parsed) => {
    const { version, savedAt } = await saveTemplate(db(), scope, parsed);
    return { version, savedAt: savedAt.toISOString() };
  });
}

export async function templateVersionAction(input: z.input<typeof templateId>) {
  return act(
    templateId,
    input,
    async ({ scope }, parsed) => (await getTemplate(db(), scope, parsed.templateId)).version,
  );
}

export async function duplicateTemplateAction(input: z.input<typeof templateId>) {
  const t = await getTranslations("templates");
  return act(templateId, input, async ({ scope }, parsed) => {
    const { name } = await getTemplate(db(), scope, parsed.templateId);
    await duplicateTemplate(db(), scope, parsed.templateId, t("copyOf", { name }));
    refresh();
    return null;
  });
}

export async function renameTemplateAction(input: z.input<typeof renameTemplateInput>) {
  return act(renameTemplateInput, input, async ({ scope }, parsed) => {
    const { version } = await getTemplate(db(), scope, parsed.templateId);
    await saveTemplate(db(), scope, { ...parsed, version });
    refresh();
    return null;
  });
}

const archiveInput = z.strictObject({ templateId: z.uuid(), archived: z.boolean() });

export async function archiveTemplateAction(input: z.input<typeof archiveInput>) {
  return act(archiveInput, input, async ({ scope }, parsed) => {
    await (parsed.archived ? archiveTemplate : restoreTemplate)(db(), scope, parsed.templateId);
    refresh();
    return null;
  });
}
