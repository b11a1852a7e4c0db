import { uuidv7obj } from "uuidv7";

/** A new UUIDv7, for rows whose id must be known before they are written. */
export function newId(): string {
  return uuidv7obj().toString();
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether text from outside (a path, a form) is an id at all, so that PostgreSQL never sees anything else. */
export function isId(text: string): boolean {
  return uuidPattern.test(text);
}

/** First day (UTC) of the month in which a UUIDv7 was made, as YYYY-MM-DD: the partition its row is in. */
export function monthOfId(id: string): string {
  const at = new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
  return monthOf(at);
}

/** First day (UTC) of an instant's month, as YYYY-MM-DD. */
export function monthOf(at: Date): string {
  return `${at.toISOString().slice(0, 7)}-01`;
}
