import { describe, expect, it } from "vitest";
import { compileContent } from "./compile.ts";
import { compileMail } from "./compile-mail.ts";
import { checkDoc } from "./doc/checks.ts";
import { readDoc } from "./doc/read-doc.ts";
import { listMergeTags } from "./fields.ts";
import { renderPreview, sampleMailData } from "./preview.ts";
import { findStarter, listStarters } from "./starters.ts";

const shared = { workspace: { name: "Acme", postal_address: "1 Street" }, campaign: { name: "C", subject: "S" } };

const starters = listStarters("en").filter(({ category }) => category !== "empty");

describe.each(starters.map((starter) => [starter.key, starter] as const))("the starter %s", (_key, starter) => {
  it("can be sent as it is: no warning, an unsubscribe link, a postal address, nothing from outside", async () => {
    const compiled = await compileContent({
      source: starter.content,
      subject: starter.subject,
      preheader: starter.preheader,
    });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    expect(compiled).toMatchObject({ hasUnsubscribeLink: true, hasPostalAddress: true, warnings: [] });
    expect(compiled.fields.every((field) => field.hasFallback)).toBe(true);
    expect(compiled.sizeBytes).toBeLessThan(60 * 1024);
    expect(compiled.html).not.toContain("<img");
    expect(compiled.html).toContain("prefers-color-scheme");
    expect(starter.preheader.length).toBeGreaterThanOrEqual(40);
    expect(starter.preheader.length).toBeLessThanOrEqual(90);
    const found = checkDoc({ ...starter, doc: readDoc(starter.content.source), sizeBytes: compiled.sizeBytes });
    expect(found.filter(({ code }) => code !== "contrast_inverted")).toEqual([]);
    expect(compileMail(compiled, { ...shared, trackOpens: true, trackClicks: true }).html.mode).toBe("segments");
  });
});

it("there are many starters, of every category, each under its own key", () => {
  expect(new Set(starters.map(({ key }) => key)).size).toBe(starters.length);
  expect(starters.length).toBeGreaterThanOrEqual(16);
  expect(new Set(starters.map(({ category }) => category)).size).toBe(5);
});

it("starters are found by key", () => {
  expect(findStarter("letter", "en")?.key).toBe("letter");
  expect(findStarter("nope", "en")).toBeNull();
});

describe("the preview", () => {
  it("forbids scripts and settles the colour scheme", async () => {
    const starter = findStarter("newsletter", "en");
    if (!starter) throw new Error("missing");
    const compiled = await compileContent({
      source: starter.content,
      subject: starter.subject,
      preheader: starter.preheader,
    });
    if (!compiled.ok) throw new Error("broken");
    const data = sampleMailData(shared);
    const dark = renderPreview(compiled, data, "dark").html;
    const light = renderPreview(compiled, data, "light").html;
    expect(dark).toContain("default-src 'none'");
    expect(dark).not.toContain("prefers-color-scheme");
    expect(dark).toContain("@media (min-width: 0px)");
    expect(light).toContain("@media (max-width: 0px)");
    expect(dark).toContain("Hello Ada");
  });
});

it("merge tags cover built-in and custom fields and all of them compile", async () => {
  const tags = listMergeTags([
    { key: "city", name: "City" },
    { key: "odd key", name: "Odd" },
    { key: "email", name: "Mail" },
  ]);
  expect(tags.filter((tag) => tag.label === "Mail")).toEqual([]);
  expect(tags.map((tag) => tag.tag)).toContain('{{ subscriber["odd key"] | default: "" }}');
  const source = `<mjml><mj-body><mj-section><mj-column><mj-text>${tags.map((tag) => tag.tag).join(" ")}</mj-text></mj-column></mj-section></mj-body></mjml>`;
  expect(await compileContent({ source: { kind: "mjml", v: 1, source }, subject: "", preheader: "" })).toMatchObject({
    ok: true,
  });
});
