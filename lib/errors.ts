/**
 * A refusal: the caller asked for something that will not be done, and can know why. `code` is
 * "<capability>.<reason>"; the app words it (app/_web/messages/…/errors.json) with `detail` filled in.
 */
export class Refusal extends Error {
  readonly code: string;
  readonly detail: Record<string, string | number>;

  constructor(code: string, detail: Record<string, string | number> = {}) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.detail = detail;
  }
}

/** The thing asked for is not there, or not in this workspace: the two are never told apart. */
export class NotFound extends Refusal {
  constructor(what: string) {
    super("not_found", { what });
    this.name = "NotFound";
  }
}

/** For exhaustive switches over unions. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
