import type SMTPConnection from "nodemailer/lib/smtp-connection";
import XOAuth2 from "nodemailer/lib/xoauth2";
import type { AuthMethod } from "#drizzle/schema/senders.ts";
import type { PrivateHosts } from "../private-hosts.ts";
import type { SenderLogin } from "../senders/resolve.ts";
import { accessToken } from "./oauth-token.ts";

/** Why nothing was even tried, or no access token could be had: `code` is for the advice. */
export type LoginTrouble = { code: string; words: string };

/**
 * What nodemailer's `login` is given for the chosen method; or why there is no way in. The method that was chosen is
 * the only one tried: a server that offers a weaker one instead does not get the password. `offered` are the methods
 * in the server's last EHLO.
 */
export function credentialsFor(
  login: SenderLogin,
  offered: readonly string[],
  privateHosts: PrivateHosts,
): { ok: true; credentials: Parameters<SMTPConnection["login"]>[0] } | ({ ok: false } & LoginTrouble) {
  const method = login.method ?? "auto";
  if (offered.length === 0) return { ok: false, code: "login_not_offered", words: "The server does not offer a login" };
  if (!isOffered(method, offered)) {
    const missing = method === "auto" ? "login with a password" : `the login method ${nameOf(method)}`;
    const words = `The server does not offer ${missing}; it offers ${offered.join(", ")}`;
    return { ok: false, code: "method_not_offered", words };
  }
  if (method === "xoauth2") {
    if (!login.oauth) return { ok: false, code: "oauth_missing", words: "No refresh token is stored for this sender" };
    return { ok: true, credentials: { oauth2: tokenProvider(login, privateHosts) } };
  }
  if (login.password === "")
    return { ok: false, code: "password_missing", words: "There is no password to log in with" };
  const credentials = {
    user: login.username,
    pass: login.password,
    ...(method === "auto" ? {} : { method: nameOf(method) }),
  };
  return { ok: true, credentials };
}

function isOffered(method: AuthMethod, offered: readonly string[]): boolean {
  // Without a choice, whatever takes a password will do.
  return method === "auto" ? offered.some((one) => one !== "XOAUTH2") : offered.includes(nameOf(method));
}

function nameOf(method: AuthMethod): string {
  return method.toUpperCase();
}

/** nodemailer asks it for a token, and once more when the server has turned that one down. */
function tokenProvider(login: SenderLogin, privateHosts: PrivateHosts): XOAuth2 {
  let given: string | null = null;
  return new XOAuth2({
    user: login.username,
    provisionCallback: (_user, renew, callback) => {
      const oauth = login.oauth;
      if (!oauth) return callback(new Error("No refresh token is stored for this sender"), "", 0);
      void accessToken(oauth, privateHosts, renew ? given : null).then((result) => {
        if (!result.ok) return callback(Object.assign(new Error(result.words), { code: result.trouble }), "", 0);
        given = result.token;
        // It keeps nothing: accessToken() does.
        callback(null, result.token, 1);
      });
    },
  });
}
