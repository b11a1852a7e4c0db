import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A line to a server that a test can cut: every connection is reset, and new ones are refused until it is mended. */
export interface TcpProxy {
  readonly port: number;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let server = await listen(0);
  const { port } = server.address() as { port: number };

  async function listen(wanted: number): Promise<Server> {
    const made = createServer((near) => {
      const far = connect(target);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        open.add(one);
        one.setNoDelay(true);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          open.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    }).listen(wanted, "127.0.0.1");
    await once(made, "listening");
    return made;
  }

  return {
    port,
    async cut() {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.resetAndDestroy();
      await closed;
    },
    async mend() {
      server = await listen(port);
    },
  };
}
