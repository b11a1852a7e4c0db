export type LoginMethod = "auto" | "plain" | "login" | "cram-md5" | "xoauth2";

/** A sender as its form needs it. */
export interface SenderValues {
  id: string;
  name: string;
  host: string;
  port: number;
  tlsMode: "none" | "starttls" | "implicit";
  verifyCertificate: boolean;
  authorities: string;
  username: string;
  hasPassword: boolean;
  authMethod: LoginMethod;
  oauth: { tokenUrl: string; clientId: string; scope: string } | null;
  hasOauth: boolean;
  defaultFromName: string;
  defaultFromEmail: string;
  connections: number;
  messagesPerConnection: number;
  ratePerSecond: number | null;
  ratePerMinute: number | null;
  ratePerHour: number | null;
  ratePerDay: number | null;
  weight: number;
  warmup: { startsOn: string; firstDay: number; growthPercent: number; days: number } | null;
  isDefault: boolean;
}
