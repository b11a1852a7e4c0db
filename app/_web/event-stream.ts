import { log } from "#lib/log.ts";

interface Tick {
  data: unknown;
  /** Nothing will change any more: the stream ends after this. */
  isLast: boolean;
}

/**
 * Server-sent events of a value that is asked for again and again: one event whenever it changed, a comment every 15 s
 * so that no proxy takes the line for dead, and the end when the reader leaves or `isLast` says so.
 */
export function eventStream(signal: AbortSignal, pollMilliseconds: number, look: () => Promise<Tick>): Response {
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      let before = "";
      let quietSince = Date.now();
      const write = (text: string) => {
        controller.enqueue(encoder.encode(text));
        quietSince = Date.now();
      };
      try {
        while (!signal.aborted) {
          const { data, isLast } = await look();
          const now = JSON.stringify(data);
          if (now !== before) write(`data: ${now}\n\n`);
          else if (Date.now() - quietSince > 15_000) write(": still here\n\n");
          before = now;
          if (isLast) {
            write("event: end\ndata: {}\n\n");
            break;
          }
          await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
        }
      } catch (err) {
        // The browser connects again by itself.
        if (!signal.aborted) log.warn({ err }, "a stream of events broke");
      }
      try {
        controller.close();
      } catch {
        // The reader has left already.
      }
    },
  });
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
