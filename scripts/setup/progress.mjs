const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const live = process.stdout.isTTY && !process.env.CI;

/**
 * Shows one step of a command: a spinner with the seconds so far on a terminal, plain lines elsewhere. `work` may call
 * its argument to say what it is at. Returns what `work` returns; an error ends the line and is passed on.
 * @template T
 * @param {string} label
 * @param {(note: (text: string) => void) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const startedAt = Date.now();
  let detail = "";
  let frame = 0;
  const draw = () => {
    frame += 1;
    const width = (process.stdout.columns ?? 80) - 1;
    const line = `${frames[frame % frames.length]} ${label} … ${seconds(startedAt)}${detail ? `  ${detail}` : ""}`;
    process.stdout.write(`\r\x1b[2K${line.slice(0, width)}`);
  };
  const timer = live ? setInterval(draw, 100) : setTimeout(() => process.stdout.write(`${label} …\n`), 1000);
  let done = false;
  try {
    const result = await work((text) => {
      detail = text.replace(/\s+/g, " ").trim();
    });
    done = true;
    return result;
  } finally {
    clearInterval(timer);
    const end = `${done ? "✓" : "✗"} ${label} (${seconds(startedAt)})\n`;
    process.stdout.write(live ? `\r\x1b[2K${end}` : end);
  }
}

export function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
