/** A reason to stop that a person can act on: printed as it is, never with a stack. */
export class Refusal extends Error {
  /**
   * @param {string} message
   * @param {{ details?: string }} [options] `details`: output of another program, shown under the message
   */
  constructor(message, options = {}) {
    super(message);
    this.name = "Refusal";
    this.details = options.details;
  }
}

/** Prints why a command stopped. A `Refusal` is for people; anything else is our bug and keeps its stack. */
export function explain(error) {
  if (error instanceof Refusal) {
    process.stderr.write(`\n${error.message}\n`);
    if (error.details?.trim()) process.stderr.write(`\n${error.details.trim().replace(/^/gm, "  ")}\n`);
    return;
  }
  process.stderr.write(`\nThis should not have happened:\n${error?.stack ?? error}\n`);
}
