import type { ParsedMail } from "./parse.ts";

/** Pictures that may stand inside the page: raster only, because an SVG is a document. */
const rasterTypes = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const mostInlineBytes = 2 * 1024 * 1024;

/**
 * The headers under which a mail's HTML may be shown at all. No script, no form, no frame, no plug-in, nothing from
 * outside unless pictures were asked for; links open in a window of their own. The sandbox gives it an origin of its
 * own, so it stands apart from our pages even when it is opened directly.
 */
export function displayHeaders(showPictures: boolean): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": [
      "default-src 'none'",
      `img-src data:${showPictures ? " https: http:" : ""}`,
      "style-src 'unsafe-inline'",
      "font-src data:",
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'self'",
      `sandbox ${sandboxAllowances}`,
    ].join("; "),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
  };
}

/** The same as on the frame around it (components/inbox/mail-frame.tsx). Never scripts, never our origin. */
const sandboxAllowances = "allow-popups allow-popups-to-escape-sandbox";

/** A mail's HTML as a page: links open elsewhere, pictures that came with the mail are put in. */
export function displayHtml(mail: ParsedMail, showPictures: boolean): string {
  const inlined = withInlinePictures(mail.html ?? "", mail.attachments);
  const html = showPictures ? inlined : withoutOutsidePictures(inlined);
  // Before everything, even a doctype: the mail's own <base> or <meta charset> then comes too late to matter.
  return `<!doctype html><meta charset="utf-8"><base target="_blank">${html}`;
}

function withInlinePictures(html: string, attachments: ParsedMail["attachments"]): string {
  const byId = new Map(
    attachments
      .filter((a) => a.contentId && rasterTypes.has(a.mediaType) && a.content.length <= mostInlineBytes)
      .map((a) => [a.contentId, a]),
  );
  if (byId.size === 0) return html;
  return html.replace(/\bcid:([^"'\s)>]{1,200})/gi, (whole, id: string) => {
    const picture = byId.get(decoded(id));
    return picture ? `data:${picture.mediaType};base64,${picture.content.toString("base64")}` : whole;
  });
}

/** The policy in the headers is what keeps them off; without this every one of them would be an error in the console. */
function withoutOutsidePictures(html: string): string {
  return html
    .replace(/(\s(?:src|srcset|background|poster)\s*=\s*["']?\s*)(?:https?:)?\/\//gi, "$1data:,")
    .replace(/(\burl\(\s*["']?\s*)(?:https?:)?\/\//gi, "$1data:,");
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
