import { createHash } from "node:crypto";

/*
 * Pages that a link in a mail leads to. Plain HTML without a script, a cookie or a request to anywhere, so that they
 * work in whatever opens them, and so that the lean front can serve them without React. Colours as in globals.css.
 */
const style = `
:root{color-scheme:light dark;--paper:oklch(0.974 0.009 84);--surface:oklch(0.995 0.004 84);--line:oklch(0.892 0.015 82);
--ink:oklch(0.25 0.018 62);--muted:oklch(0.475 0.022 68);--accent:oklch(0.44 0.082 205);--accent-hover:oklch(0.385 0.074 207);
--on-accent:oklch(0.99 0.006 90);--hover:oklch(0.94 0.013 84);--focus:oklch(0.53 0.11 210)}
@media (prefers-color-scheme:dark){:root{--paper:oklch(0.188 0.008 68);--surface:oklch(0.222 0.009 68);
--line:oklch(0.32 0.012 70);--ink:oklch(0.935 0.01 84);--muted:oklch(0.735 0.016 80);--accent:oklch(0.78 0.098 196);
--accent-hover:oklch(0.84 0.09 196);--on-accent:oklch(0.2 0.03 215);--hover:oklch(0.28 0.011 68);--focus:oklch(0.76 0.11 200)}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:1.5rem;
padding:1.5rem;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{width:100%;max-width:30rem;background:var(--surface);border:1px solid var(--line);border-radius:1rem;padding:2rem}
.brand{margin:0 0 1.25rem;color:var(--muted);font-size:.9rem;font-weight:600;overflow-wrap:anywhere}
h1{margin:0 0 .75rem;font-size:1.4rem;line-height:1.25;text-wrap:balance;overflow-wrap:anywhere}
p{margin:0 0 1rem;overflow-wrap:anywhere}ul{margin:0 0 1.25rem;padding-left:1.25rem}li{overflow-wrap:anywhere}
.muted{color:var(--muted);font-size:.9rem}p:last-child{margin-bottom:0}
form{margin:0 0 .75rem}form:last-child{margin-bottom:0}
button{width:100%;min-height:2.75rem;padding:.5rem 1rem;border:1px solid var(--line);border-radius:.5rem;background:transparent;
color:inherit;font:inherit;font-weight:600;cursor:pointer}button:hover{background:var(--hover)}
button.main{background:var(--accent);border-color:transparent;color:var(--on-accent)}button.main:hover{background:var(--accent-hover)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}`;

const styleHash = createHash("sha256").update(style).digest("base64");

/** Nothing may be loaded or framed; a form may only come back here; the address (a token) is told to nobody. */
export const publicHeaders = {
  "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex, nofollow",
  "cache-control": "private, no-store",
} as const;

interface PublicPage {
  lang: string;
  title: string;
  /** Name of whoever sent the mail; left out when not known. */
  brand?: string;
  /** HTML: every value in it has gone through escapeHtml. */
  body: string;
}

/** A whole answer. */
export function publicPage(page: PublicPage, status = 200, headers: Record<string, string> = {}): Response {
  const { lang, title, brand, body } = page;
  const html = `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(brand ? `${title} · ${brand}` : title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${brand ? `<p class="brand">${escapeHtml(brand)}</p>` : ""}
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
  return new Response(html, {
    status,
    headers: { ...publicHeaders, "content-type": "text/html; charset=utf-8", ...headers },
  });
}

/** For text and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
