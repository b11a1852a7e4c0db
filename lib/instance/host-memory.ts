import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { config } from "../config.ts";
import { newId } from "../ids.ts";

/*
 * What this host knows of its installation, kept outside the database: POSTHORN_DATA_DIR/instance.json. It is replaced
 * whole, so that a kill at any moment leaves the old one or the new one.
 */

export interface HostMemory {
  /** POSTHORN_INSTANCE_ID, or else the id in the file; null when there is neither. */
  id: string | null;
  /** The highest epoch that this host saw committed under that id. */
  epoch: number;
}

const shape = z.object({ id: z.string().min(1), epoch: z.number().int().nonnegative() });

/** What this host remembers. A file that cannot be understood counts as none. */
export async function readHostMemory(): Promise<HostMemory> {
  const stored = await readStored();
  const id = config().POSTHORN_INSTANCE_ID ?? stored?.id ?? null;
  return { id, epoch: stored !== null && stored.id === id ? stored.epoch : 0 };
}

/** The id of this host, made and kept now if it had none. Of several processes that ask at once all get the same. */
export async function provideHostId(): Promise<string> {
  const { id } = await readHostMemory();
  if (id !== null) return id;
  const made = newId();
  const half = await writeHalf({ id: made, epoch: 0 });
  try {
    // A link is refused where a file is, which a rename would replace: the first one stays.
    await link(half, location());
    return made;
  } catch (error) {
    const other = await readHostMemory();
    if (other.id !== null) return other.id;
    // A damaged file, or a file system without links.
    if (!isCode(error, "EEXIST", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) throw error;
    await rename(half, location());
    return (await readHostMemory()).id ?? made;
  } finally {
    await rm(half, { force: true });
  }
}

/**
 * Keeps an epoch that has been committed under `id`. Never goes back under the same id; of two processes at once the
 * lower may win, which only makes the memory a little weaker, because both were committed.
 */
export async function rememberEpoch(id: string, epoch: number): Promise<void> {
  const stored = await readStored();
  if (stored?.id === id && stored.epoch >= epoch) return;
  const half = await writeHalf({ id, epoch });
  await rename(half, location());
}

async function readStored(): Promise<z.infer<typeof shape> | null> {
  let text: string;
  try {
    text = await readFile(location(), "utf8");
  } catch (error) {
    // No such file, or no folder where it would be.
    if (isCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Writes a file beside the real one, through to the disk, and returns its path. */
async function writeHalf(memory: z.infer<typeof shape>): Promise<string> {
  const half = `${location()}.${newId()}.part`;
  await mkdir(path.dirname(half), { recursive: true, mode: 0o700 });
  const file = await open(half, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(memory)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return half;
}

function location(): string {
  return path.resolve(/* turbopackIgnore: true */ config().POSTHORN_DATA_DIR, "instance.json");
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? "");
}
