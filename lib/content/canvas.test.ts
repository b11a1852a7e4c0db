import { expect, test } from "vitest";
import { everyBlock, makeDoc, makeSection } from "#tests/support/email-docs.ts";
import { compileCanvas } from "./canvas.ts";

test("the canvas is the compiled mail with each part to be found and fields as chips, under a policy without scripts", async () => {
  const canvas = await compileCanvas(JSON.stringify(makeDoc([makeSection(everyBlock)])), "en");
  if (!canvas.ok) throw new Error(JSON.stringify(canvas.problems));
  for (const { id } of everyBlock) expect(canvas.html, id).toMatch(new RegExp(`class="[^"]*\\bb-${id}\\b`));
  expect(canvas.html).not.toMatch(/\{\{|\{%/);
  expect(canvas.html).toContain("default-src 'none'");
});

test("what runs, and what cannot be read, is refused in words", async () => {
  const html = '<img src="x" onerror="alert(1)">';
  const active = makeDoc([makeSection([{ id: "by-hand", type: "html", html }])]);
  expect(await compileCanvas(JSON.stringify(active), "en")).toMatchObject({
    ok: false,
    problems: [{ code: "active_content", part: "by-hand" }],
  });
  expect(await compileCanvas('{"v":2}', "en")).toMatchObject({ ok: false, problems: [{ code: "newer_version" }] });
  expect(await compileCanvas("<mjml>", "en")).toMatchObject({ ok: false, problems: [{ code: "bad_document" }] });
});
