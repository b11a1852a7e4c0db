import { Readable } from "node:stream";
import { and, eq, sql } from "drizzle-orm";
import { audienceImport } from "#drizzle/schema/audience.ts";
import { storedFile } from "#drizzle/schema/files.ts";
import { audit } from "../../auth/audit.ts";
import { allow } from "../../auth/roles.ts";
import type { Scope } from "../../auth/scope.ts";
import type { Db } from "../../db.ts";
import { NotFound, Refusal } from "../../errors.ts";
import type { Storage } from "../../storage.ts";
import { listFields } from "../fields.ts";
import { decode, type Encoding, sniffWrongFile, watchEncoding } from "./encoding.ts";
import { guessMapping } from "./guess-mapping.ts";
import { getImport } from "./imports.ts";
import type { LayoutInput } from "./input.ts";
import { type Delimiter, guessDateOrder, type Layout, readLayout } from "./layout.ts";

const headBytes = 262_144;
const mostColumns = 300;
const keptDays = 7;

/**
 * Takes a file as it streams in, says what it is and proposes what each column fills. Returns the id of the import,
 * which waits for its columns to be confirmed. Refuses, and keeps nothing: `audience.import_wrong_file` (detail
 * `kind`), `audience.import_empty`, `audience.import_header_only`, `audience.import_too_many_columns` and
 * `storage.too_large`.
 */
export async function uploadImport(
  db: Db,
  scope: Scope,
  storage: Storage,
  input: { fileName: string; content: Readable; maxBytes: number },
): Promise<{ id: string }> {
  allow(scope, "write");
  const watched = watchEncoding();
  const file = await storage.write(Readable.from(inspect(input.content, watched)), { maxBytes: input.maxBytes });
  try {
    const encoding = watched.encoding();
    const layout = readLayout(await readHead(storage, file.key, encoding));
    refuseUnusable(layout, file.bytes);
    const fields = await listFields(db, scope);
    return await db.transaction(async (tx) => {
      const name = cleanName(input.fileName);
      const [stored] = await tx
        .insert(storedFile)
        .values({
          workspaceId: scope.workspaceId,
          purpose: "import",
          name,
          mediaType: "text/csv",
          bytes: file.bytes,
          sha256: file.sha256,
          storageKey: file.key,
          createdBy: scope.userId,
          expiresAt: sql`now() + make_interval(days => ${keptDays})`,
        })
        .returning({ id: storedFile.id });
      const [made] = await tx
        .insert(audienceImport)
        .values({
          workspaceId: scope.workspaceId,
          fileId: stored?.id ?? "",
          fileName: name,
          fileBytes: file.bytes,
          fileSha256: file.sha256,
          encoding,
          delimiter: layout.delimiter,
          header: layout.header,
          hasHeader: layout.hasHeader,
          mapping: guessMapping(layout.header, layout.sample, fields),
          dateOrder: guessDateOrder(layout.sample.flat()),
          createdBy: scope.userId,
        })
        .returning({ id: audienceImport.id });
      if (!made) throw new Error("an insert returned no row");
      await audit(
        tx,
        scope,
        "import.upload",
        { kind: "import", id: made.id },
        { bytes: file.bytes, sha256: file.sha256 },
      );
      return made;
    });
  } catch (error) {
    await storage.remove(file.key);
    throw error;
  }
}

/** Reads the columns of an uploaded file anew, the way a person says it is laid out. */
export async function changeLayout(db: Db, scope: Scope, storage: Storage, input: LayoutInput): Promise<void> {
  allow(scope, "write");
  const current = await getImport(db, scope, input.id);
  const head = await readHead(storage, await storageKeyOf(db, scope, current.fileId), input.encoding);
  const layout = readLayout(head, input);
  refuseUnusable(layout, current.fileBytes);
  const moved = await db
    .update(audienceImport)
    .set({
      encoding: input.encoding,
      delimiter: layout.delimiter,
      header: layout.header,
      hasHeader: layout.hasHeader,
      mapping: guessMapping(layout.header, layout.sample, await listFields(db, scope)),
      dateOrder: guessDateOrder(layout.sample.flat()),
    })
    .where(
      and(
        eq(audienceImport.workspaceId, scope.workspaceId),
        eq(audienceImport.id, input.id),
        eq(audienceImport.status, "mapping"),
      ),
    )
    .returning({ id: audienceImport.id });
  if (moved.length === 0) throw new Refusal("audience.import_state");
}

/** The first rows of an import's file, as it is being read now. */
export async function previewImport(db: Db, scope: Scope, storage: Storage, id: string): Promise<string[][]> {
  allow(scope, "read");
  const current = await getImport(db, scope, id);
  const head = await readHead(storage, await storageKeyOf(db, scope, current.fileId), current.encoding as Encoding);
  const known = { delimiter: current.delimiter as Delimiter, hasHeader: current.hasHeader };
  return readLayout(head, known)
    .sample.slice(0, 8)
    .map((row) => row.map((cell) => cell.slice(0, 200)));
}

/** Where an uploaded file is stored. Not found once it has been removed. */
export async function storageKeyOf(db: Db, scope: Pick<Scope, "workspaceId">, fileId: string): Promise<string> {
  const [file] = await db
    .select({ key: storedFile.storageKey })
    .from(storedFile)
    .where(and(eq(storedFile.workspaceId, scope.workspaceId), eq(storedFile.id, fileId)));
  if (!file) throw new NotFound("file");
  return file.key;
}

// Stops a wrong file at its first bytes instead of after a gigabyte.
async function* inspect(content: Readable, watched: ReturnType<typeof watchEncoding>): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  let isJudged = false;
  const judge = () => {
    const kind = sniffWrongFile(head);
    if (kind) throw new Refusal("audience.import_wrong_file", { kind });
    isJudged = true;
  };
  for await (const part of content as AsyncIterable<Uint8Array>) {
    const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    if (!isJudged) {
      head = Buffer.concat([head, bytes]);
      if (head.length >= 4096) judge();
    }
    watched.see(bytes);
    yield bytes;
  }
  if (!isJudged) judge();
}

async function readHead(storage: Storage, key: string, encoding: Encoding): Promise<string> {
  let text = "";
  const stream = storage.read(key);
  for await (const part of decode(stream as AsyncIterable<Buffer>, encoding)) {
    text += part;
    if (text.length >= headBytes) break;
  }
  stream.destroy();
  if (text.length < headBytes) return text;
  // A row that is cut in two would look like a fault.
  return text.slice(0, Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r")) + 1 || text.length);
}

function refuseUnusable(layout: Layout, bytes: number): void {
  if (bytes === 0 || layout.header.length === 0) throw new Refusal("audience.import_empty");
  if (layout.header.length > mostColumns) throw new Refusal("audience.import_too_many_columns", { most: mostColumns });
  if (layout.sample.length === 0 && bytes < headBytes) throw new Refusal("audience.import_header_only");
}

function cleanName(name: string): string {
  const clean = name
    .replace(/[\p{Cc}\p{Cf}/\\]+/gu, " ")
    .trim()
    .slice(0, 200);
  return clean === "" ? "people.csv" : clean;
}
