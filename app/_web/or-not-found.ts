import { notFound } from "next/navigation";
import { NotFound } from "#lib/errors.ts";

/** For pages: what is not there, or not in this workspace, is the page that says so. */
export async function orNotFound<T>(found: Promise<T>): Promise<T> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof NotFound) notFound();
    throw error;
  }
}
