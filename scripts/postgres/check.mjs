import { Refusal } from "../setup/refusal.mjs";

const oldest = 15;
const startingUp = "57P03";

/**
 * Refuses, in words, a database that cannot be used. Never repeats the password, which is part of the address.
 * @param {string} url
 * @param {string} setting the setting the address comes from
 */
export async function checkDatabase(url, setting = "DATABASE_URL") {
  const target = parseUrl(url, setting);
  const { default: pg } = await import("pg");
  for (const deadline = Date.now() + 60_000; ; ) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    client.on("error", () => {});
    try {
      await client.connect();
      const version = Number((await client.query("show server_version_num")).rows[0].server_version_num);
      if (version >= oldest * 10_000) return;
      throw new Refusal(
        `${setting}: PostgreSQL ${oldest} or newer is needed, and the server at ${target.place} is PostgreSQL ${Math.floor(version / 10_000)}.`,
      );
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (error.code === startingUp && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        continue;
      }
      throw new Refusal(`${setting}: ${explainFailure(error, target)}`);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

function parseUrl(url, setting) {
  try {
    const { protocol, hostname, port, pathname, username, searchParams } = new URL(url);
    if (!["postgres:", "postgresql:"].includes(protocol)) throw new Error("protocol");
    const host = hostname || searchParams.get("host") || "localhost";
    const database = decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username);
    return { host, place: `${host}:${port || 5432}`, user: decodeURIComponent(username), database };
  } catch {
    throw new Refusal(
      `${setting} is not an address of a PostgreSQL database. It looks like\n` +
        "  postgres://user:password@host:5432/database\n" +
        "(a password with special characters has to be percent-encoded).",
    );
  }
}

function explainFailure(error, { host, place, user, database }) {
  // Node tries every address of a name and reports them together.
  const code = error.code ?? error.errors?.[0]?.code;
  switch (code) {
    case "ECONNREFUSED":
      return `nothing answers at ${place}. Is PostgreSQL running there, and is the port right?`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the host “${host}” is not known. Check its name.`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `${place} cannot be reached. Check the address and the firewall.`;
    case "28P01":
    case "28000":
      return `the server at ${place} refused the user “${user}”. Check user name and password, and that the server lets this machine in (pg_hba.conf).`;
    case "3D000":
      return `there is no database “${database}” at ${place}. Create it (createdb ${database}) or correct the name.`;
    case "42501":
      return `the user “${user}” may not connect to the database “${database}” at ${place}.`;
    case "53300":
      return `the server at ${place} has no connection left. Raise its max_connections or stop other clients.`;
    case startingUp:
      return `the server at ${place} has been starting up for a minute. Look at its log.`;
    default:
      break;
  }
  const text = error.message ?? "";
  if (/timeout|terminated unexpectedly/i.test(text)) {
    return `${place} does not answer like a PostgreSQL server. Check host and port.`;
  }
  if (/SSL|certificate|self.signed/i.test(text)) {
    return `the encrypted connection to ${place} failed (${text}). Check sslmode in the address.`;
  }
  if (/password must be a string/.test(text))
    return `the server at ${place} asks for a password, and the address has none.`;
  return `the connection to ${place} failed${code ? ` (${code})` : ""}.`;
}
