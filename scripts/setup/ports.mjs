import { once } from "node:events";
import net from "node:net";
import { Refusal } from "./refusal.mjs";

/**
 * Where the web process listens. Only this machine by default: whoever opens a fresh Posthorn first becomes its owner.
 * HOST=0.0.0.0 opens it to others. A HOST that is no IP address is the machine's name, which some shells export.
 * @returns {{ host: string, port: number }}
 */
export function webAddress() {
  const host = net.isIP(process.env.HOST ?? "") ? process.env.HOST : "127.0.0.1";
  return { host, port: portOf("PORT", 3000) };
}

/** Refuses a port another program has, before anything long is begun. */
export async function refuseTakenPort({ host, port }) {
  const problem = await problemWith(host, port);
  if (!problem) return;
  const other = `PORT=${port < 65_000 ? port + 1 : 3001} npm start`;
  const how = `Choose another port, for example: ${other} (or set PORT in the file .env)`;
  if (problem === "EADDRINUSE") throw new Refusal(`Port ${port} is taken by another program.\n${how}`);
  if (problem === "EACCES") throw new Refusal(`This user may not listen on port ${port}.\n${how}`);
  if (problem === "EADDRNOTAVAIL") throw new Refusal(`HOST=${host} is not an address of this machine.`);
  throw new Refusal(`Listening on ${host}, port ${port}, is not possible (${problem}).`);
}

/**
 * The port of the built-in inbox: INBOX_SMTP_PORT when set, and then it has to be free; otherwise the first free one
 * from 2525.
 */
export async function chooseInboxPort() {
  const host = process.env.INBOX_SMTP_HOST || "127.0.0.1";
  if (process.env.INBOX_SMTP_PORT) {
    const port = portOf("INBOX_SMTP_PORT", 2525);
    if (!(await problemWith(host, port))) return port;
    throw new Refusal(
      `INBOX_SMTP_PORT: port ${port}, for the built-in inbox, is taken. Choose another one or leave it empty.`,
    );
  }
  for (let port = 2525; port < 2625; port += 1) if (!(await problemWith(host, port))) return port;
  throw new Refusal("No free port between 2525 and 2624 for the built-in inbox. Set INBOX_SMTP_PORT.");
}

function portOf(name, fallback) {
  const text = process.env[name] || String(fallback);
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Refusal(`${name}=${text} is not a port number (1 to 65535).`);
}

async function problemWith(host, port) {
  const server = net.createServer();
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    return error.code;
  }
  server.close();
  await once(server, "close");
  // Some systems let us listen on one address while another program has the port on all of them.
  return (await answers(host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host, port)) ? "EADDRINUSE" : null;
}

async function answers(host, port) {
  const socket = net.connect({ host, port, timeout: 1000 });
  socket.on("timeout", () => socket.destroy(new Error("timeout")));
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
