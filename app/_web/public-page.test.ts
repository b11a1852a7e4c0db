import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { escapeHtml, publicHeaders, publicPage } from "./public-page.ts";

test("a workspace or list called <script> is harmless on a public page", async () => {
  const name = `<script>alert(1)</script>"'&`;
  const html = await publicPage({
    lang: `en"><script>`,
    title: name,
    brand: name,
    body: `<p>${escapeHtml(name)}</p>`,
  }).text();
  expect(html).not.toContain("<script");
  expect(html).toContain("&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#38;");
});

test("the policy of public pages allows their own style and nothing else at all", async () => {
  const html = await publicPage({ lang: "en", title: "t", body: "" }).text();
  const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  expect(publicHeaders["content-security-policy"]).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  );
  expect(publicHeaders["referrer-policy"]).toBe("no-referrer");
});
