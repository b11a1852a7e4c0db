/** Forms on these pages have one field; a mail program's has one too. */
const mostBytes = 16 * 1024;

/**
 * The fields of a small urlencoded or multipart form (RFC 8058 allows both). A body that is no form counts as empty:
 * the request itself says enough. Null when it is larger than any honest one.
 */
export async function readForm(request: Request): Promise<Map<string, string> | null> {
  const body = await readBytes(request);
  if (body === null) return null;
  try {
    const form = await new Response(body, {
      headers: { "content-type": request.headers.get("content-type") ?? "" },
    }).formData();
    return new Map([...form.entries()].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
  } catch {
    return new Map();
  }
}

async function readBytes(request: Request): Promise<ArrayBuffer | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > mostBytes) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
  return new Blob(parts as BlobPart[]).arrayBuffer();
}
