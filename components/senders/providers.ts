/** Where the usual providers take mail. Nothing else of theirs is known here. */
export const providers = {
  own: { host: "", port: 587, tlsMode: "starttls" },
  ses: { host: "email-smtp.eu-west-1.amazonaws.com", port: 587, tlsMode: "starttls" },
  mailgun: { host: "smtp.mailgun.org", port: 587, tlsMode: "starttls" },
  postmark: { host: "smtp-broadcasts.postmarkapp.com", port: 587, tlsMode: "starttls" },
  sendgrid: { host: "smtp.sendgrid.net", port: 587, tlsMode: "starttls" },
  brevo: { host: "smtp-relay.brevo.com", port: 587, tlsMode: "starttls" },
  gmail: { host: "smtp.gmail.com", port: 587, tlsMode: "starttls" },
  microsoft365: { host: "smtp.office365.com", port: 587, tlsMode: "starttls" },
} as const satisfies Record<string, { host: string; port: number; tlsMode: TlsChoice }>;

export type TlsChoice = "none" | "starttls" | "implicit";

export type ProviderKey = keyof typeof providers;

export const providerKeys = Object.keys(providers) as ProviderKey[];

/** The provider a host belongs to, so that its advice shows when a sender is edited. */
export function providerOf(host: string): ProviderKey {
  if (/(^|\.)email-smtp\.[a-z0-9-]+\.amazonaws\.com$/i.test(host)) return "ses";
  return (
    providerKeys.find(
      (key) => key !== "own" && host.toLowerCase().endsWith(providers[key].host.replace(/^[^.]+\./, ".")),
    ) ?? "own"
  );
}

/** The port a TLS mode is usual on, for when the port was the usual one of another mode. */
export function portAfter(port: string, tlsMode: TlsChoice): string {
  const usual = { starttls: "587", implicit: "465", none: "25" };
  return Object.values(usual).includes(port) ? usual[tlsMode] : port;
}

/** Where XOAUTH2 gets its tokens, and for what. Refresh tokens come from the provider's own sign-in. */
export const oauthPresets = {
  google: { tokenUrl: "https://oauth2.googleapis.com/token", scope: "https://mail.google.com/" },
  microsoft: {
    tokenUrl: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    scope: "https://outlook.office.com/SMTP.Send offline_access",
  },
  other: { tokenUrl: "", scope: "" },
} as const satisfies Record<string, { tokenUrl: string; scope: string }>;

export type OauthPreset = keyof typeof oauthPresets;

export const oauthPresetKeys = Object.keys(oauthPresets) as OauthPreset[];

/** The preset that a stored token address belongs to, or else the one of the mail server's provider. */
export function oauthPresetOf(tokenUrl: string, host: string): OauthPreset {
  if (tokenUrl === oauthPresets.google.tokenUrl) return "google";
  if (/^https:\/\/login\.microsoftonline\.com\//.test(tokenUrl)) return "microsoft";
  if (tokenUrl !== "") return "other";
  const provider = providerOf(host);
  return provider === "gmail" ? "google" : provider === "microsoft365" ? "microsoft" : "other";
}
