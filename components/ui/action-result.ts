/** What a server action answers. `message` is for people; `fields` holds words per input field, by its dotted path. */
export type ActionResult<T = null> =
  | { ok: true; data: T }
  | { ok: false; code: string; message: string; fields?: Record<string, string> };
