import type { Outcome, SenderOptions } from "./transport.ts";

/** `code` and `values` are for the app to word in another language; `text` is the same in English, for a marketer. */
export type Advice = { code: string; text: string; values?: { host: string; port: string } };

const words = {
  host_not_found: (o: SenderOptions) =>
    `There is no server named ${o.host}. Check the spelling; your provider's help page shows the exact name.`,
  refused: (o: SenderOptions) =>
    `${o.host} answers, but nothing listens on port ${o.port}. The usual ports are 587 (STARTTLS) and 465 (TLS).`,
  port_25_timeout: () =>
    "No answer on port 25. Most hosting providers block it; use port 587 with STARTTLS or 465 with TLS instead.",
  timeout: (o: SenderOptions) =>
    `No answer from ${o.host} on port ${o.port}. A firewall may be in the way, or the host or port is wrong.`,
  use_implicit_tls: (o: SenderOptions) =>
    `Port ${o.port} seems to expect TLS from the first byte. Choose "TLS" instead of "STARTTLS" or "none".`,
  use_starttls: (o: SenderOptions) =>
    `Port ${o.port} does not speak TLS from the first byte. Choose "STARTTLS"; that is usual on ports 587 and 25.`,
  starttls_not_offered: (o: SenderOptions) =>
    `${o.host} does not offer STARTTLS on port ${o.port}. Try port 465 with "TLS", or ask your provider.`,
  certificate_name: (o: SenderOptions) =>
    `The server's certificate is not for ${o.host}. Use the name your provider documents; it may differ from your own domain.`,
  certificate_expired: () =>
    "The server's certificate has expired (or this machine's clock is wrong). Whoever runs the server has to renew it.",
  certificate_self_signed: () =>
    "The server made its own certificate, so nobody vouches for it. If you run this server yourself, paste its certificate under Advanced.",
  certificate_untrusted: () =>
    "Nobody this machine trusts vouches for the server's certificate. If an authority of your own signed it, paste that authority under Advanced.",
  tls_failed: () => "The encrypted connection could not be set up.",
  login_needs_tls: () =>
    "The server takes no login on an unencrypted connection. Choose STARTTLS, which it offers on this port.",
  login_not_offered: () =>
    "The server offers no login on this port. Try port 587, or leave username and password empty.",
  nothing_offered: (o: SenderOptions) =>
    `${o.host} offers neither encryption nor a login on port ${o.port}. Try port 587 with STARTTLS or 465 with TLS. If it needs no login, as in your own network, choose no encryption and leave username and password empty.`,
  method_not_offered: () =>
    'The server does not offer the login method that you chose. Choose one of those it names, or "Automatic".',
  password_missing: () => "There is a user name but no password. Enter the password.",
  oauth_missing: () => "The client secret and the refresh token are not there yet. Enter both.",
  oauth_expired: () =>
    "The permission to send has ended or was taken back. Sign in with your provider again and enter the new refresh token.",
  oauth_client: () => "The provider does not know this client ID, or the client secret is wrong. Copy both once more.",
  oauth_scope: () => "The provider does not allow this scope. Take the one that your provider documents for SMTP.",
  oauth_unreachable: () =>
    "The provider's token address could not be reached. Check its spelling, and whether this machine may connect to it.",
  oauth_refused: () => "The provider gave no access token. Its words say why.",
  oauth_login_refused: () =>
    "The provider gave an access token, but the mail server does not accept it. Check that the user name is the mailbox that gave the permission, that sending by SMTP is turned on for it, and the scope.",
  private_host: () =>
    "This server stands inside of a private network, and this installation does not let senders use it. Its administrator can allow it (SENDER_PRIVATE_HOSTS).",
  login_failed: () =>
    "The server did not accept the username and password. Many providers want an app password or an SMTP key here, not the one you log in with on their site.",
  login_later: () => "The server could not check the login just now. Try again in a few minutes.",
  blocked: () => "The server does not want to talk to this machine's address. Its words may say whom to ask.",
  busy: () => "The server is busy or limits connections just now. Try again in a few minutes.",
  closed_at_once: (o: SenderOptions) =>
    `The server closed the connection before saying anything. Port ${o.port} may not be for mail, or it blocks this machine.`,
  sender_refused: () =>
    "The server does not let you send from this address. Confirm the address or its domain with your provider first.",
  relay_refused: () =>
    "The server does not pass mail on to other domains for you. It probably wants a login; enter username and password.",
  recipient_refused: () => "The server refused the test's recipient. Try another address.",
  unknown: () => "The server's words above say what is wrong.",
} satisfies Record<string, (options: SenderOptions) => string>;

export type AdviceCode = keyof typeof words;

/** What a marketer can do about a test that failed. `errorCode` is the system's or OpenSSL's name of the trouble. */
export function adviceFor(options: SenderOptions, outcome: Outcome, errorCode: string): Advice {
  const code = adviceCode(options, outcome, errorCode);
  return { code, text: words[code](options), values: { host: options.host, port: String(options.port) } };
}

function adviceCode(options: SenderOptions, outcome: Outcome, errorCode: string): AdviceCode {
  switch (outcome.kind) {
    case "refused":
      return outcome.reason === "sender_address" ? "sender_refused" : "recipient_refused";
    case "withheld":
      return "unknown";
    case "network":
      return networkAdvice(options, outcome, errorCode);
    case "reply":
      return replyAdvice(options, outcome, errorCode);
  }
}

function networkAdvice(
  options: SenderOptions,
  outcome: Extract<Outcome, { kind: "network" }>,
  errorCode: string,
): AdviceCode {
  if (/ENOTFOUND|EAI_|EDNS/.test(errorCode)) return "host_not_found";
  if (errorCode === "ECONNREFUSED") return "refused";
  if (errorCode === "EPRIVATE") return "private_host";
  switch (outcome.phase) {
    case "connect":
      return options.port === 25 ? "port_25_timeout" : "timeout";
    case "greeting":
      // A server that waits for a TLS hello says nothing to a plain client.
      if (errorCode === "ETIMEDOUT") return options.tlsMode === "implicit" ? "timeout" : "use_implicit_tls";
      return options.port === 465 && options.tlsMode !== "implicit" ? "use_implicit_tls" : "closed_at_once";
    case "tls":
      return tlsAdvice(errorCode);
    case "auth":
      return isAdviceCode(errorCode) ? errorCode : "unknown";
    default:
      return "unknown";
  }
}

function tlsAdvice(errorCode: string): AdviceCode {
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|UNKNOWN_PROTOCOL|HTTP_REQUEST/.test(errorCode)) return "use_starttls";
  if (errorCode === "ERR_TLS_CERT_ALTNAME_INVALID") return "certificate_name";
  if (/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/.test(errorCode)) return "certificate_expired";
  if (/SELF_SIGNED/.test(errorCode)) return "certificate_self_signed";
  if (/UNABLE_TO|CERT/.test(errorCode)) return "certificate_untrusted";
  return "tls_failed";
}

function isAdviceCode(code: string): code is AdviceCode {
  return code in words;
}

function replyAdvice(
  options: SenderOptions,
  reply: Extract<Outcome, { kind: "reply" }>,
  errorCode: string,
): AdviceCode {
  const temporary = reply.code < 500;
  switch (reply.phase) {
    case "connect":
    case "greeting":
    case "ehlo":
      return temporary ? "busy" : "blocked";
    case "tls":
      if (errorCode === "nothing_offered") return errorCode;
      return temporary ? "busy" : "starttls_not_offered";
    case "auth":
      if (temporary) return "login_later";
      return options.login?.method === "xoauth2" ? "oauth_login_refused" : "login_failed";
    case "mail":
      return reply.code === 530 ? "relay_refused" : "sender_refused";
    case "rcpt":
      if (/relay/i.test(reply.text) || reply.code === 530) return "relay_refused";
      return /sender/i.test(reply.text) ? "sender_refused" : "recipient_refused";
    default:
      return "unknown";
  }
}
