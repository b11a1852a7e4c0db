/**
 * Headers of a mail shown in a frame: scripts, forms and frames are forbidden by the document's own policy, whatever
 * the frame's sandbox says, and only our own pages may frame it.
 */
export function mailDocumentHeaders(): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy":
      "default-src 'none'; img-src * data:; style-src 'unsafe-inline' https:; font-src https: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
  };
}

/** A mail as a document that also runs in a sandbox of its own when it is opened by itself. */
export function mailDocument(html: string): Response {
  const headers = mailDocumentHeaders();
  return new Response(html, {
    headers: { ...headers, "content-security-policy": `${headers["content-security-policy"]}; sandbox` },
  });
}
