/** What the editor of a draft holds, as plain fields. */
export interface DraftFields {
  name: string;
  subject: string;
  preheader: string;
  fromName: string;
  fromEmail: string;
  replyTo: string;
  senderId: string | null;
  trackOpens: boolean;
  trackClicks: boolean;
  inDoubtPolicy: "resend" | "hold";
  includeListIds: string[];
  excludeListIds: string[];
  source: string;
}
