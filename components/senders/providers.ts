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
