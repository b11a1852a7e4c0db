/**
 * A file from outside, to be saved and never shown: as an attachment, without a guess at its type, and, should a
 * browser open it all the same, without scripts and away from our origin.
 */
export function download(content: Buffer, fileName: string, mediaType: string): Response {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  return new Response(new Uint8Array(content), {
    headers: {
      "content-type": mediaType,
      "content-disposition": `attachment; filename="${ascii}"; filename*=UTF-8''${extValue(fileName)}`,
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
    },
  });
}

/** RFC 8187: what encodeURIComponent leaves alone and a header may not hold. */
function extValue(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}
