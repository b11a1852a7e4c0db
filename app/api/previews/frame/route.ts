import { mailDocumentHeaders } from "#app/_web/mail-document.ts";

/** The empty document that the editor puts mails into: it brings a policy without scripts and with pictures. */
export function GET(): Response {
  const html = '<!doctype html><html><head><meta charset="utf-8"><title></title></head><body></body></html>';
  return new Response(html, { headers: { ...mailDocumentHeaders(), "cache-control": "private, max-age=3600" } });
}
