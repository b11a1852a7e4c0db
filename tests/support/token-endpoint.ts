import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What the endpoint answers next; anything left out is a fine token. */
export interface TokenAnswer {
  status?: number;
  body?: unknown;
  /** Sent as it is, instead of JSON. */
  raw?: string;
  headers?: Record<string, string>;
}

/** A token endpoint (RFC 6749) on loopback that keeps what it was asked. */
export class TokenEndpoint {
  readonly asked: Array<{ path: string; fields: Record<string, string> }> = [];
  answer: TokenAnswer = {};
  #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<TokenEndpoint> {
    const server = createServer();
    const endpoint = new TokenEndpoint(server);
    server.on("request", async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      endpoint.asked.push({ path: request.url ?? "", fields: Object.fromEntries(new URLSearchParams(body)) });
      const { status = 200, raw, headers = {} } = endpoint.answer;
      const usual = { access_token: `token-${endpoint.asked.length}`, expires_in: 3600, token_type: "Bearer" };
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(raw ?? JSON.stringify(endpoint.answer.body ?? usual));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/token`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
