import type { Permission } from "#lib/auth/roles.ts";
import { newId } from "#lib/ids.ts";
import type { Furniture } from "./furnished.ts";

/* Every way into the web, with whom it is for. Tests walk these tables and fail when one is missing here. */

export interface Door {
  /** Permission that opens it; "anybody" needs no session. */
  needs: Permission | "anybody";
  path: string;
  /** It shows one thing of the workspace, so that it is not there for others. */
  foreign?: boolean;
}

const draftsOnly = { needs: "write", foreign: true } as const;

/** Pages by their file. A page is for everybody who may read; buttons inside are for those who may press them. */
export const pages = (f: Furniture): Record<string, Door> => ({
  "(console)/page": { needs: "read", path: "/" },
  "(console)/campaigns/page": { needs: "read", path: "/campaigns" },
  "(console)/campaigns/new/page": { needs: "write", path: "/campaigns/new" },
  "(console)/campaigns/[id]/page": { needs: "read", path: `/campaigns/${f.draft}`, foreign: true },
  "(console)/campaigns/[id]/review/page": { needs: "read", path: `/campaigns/${f.draft}/review`, foreign: true },
  "(console)/campaigns/[id]/report/page": { needs: "read", path: `/campaigns/${f.sentCampaign}/report`, foreign: true },
  "(console)/campaigns/[id]/report/recipients/page": {
    needs: "read",
    path: `/campaigns/${f.sentCampaign}/report/recipients`,
    foreign: true,
  },
  "(console)/campaigns/[id]/report/recipients/[message]/page": {
    needs: "read",
    path: `/campaigns/${f.sentCampaign}/report/recipients/${f.message}`,
    foreign: true,
  },
  "(console)/templates/page": { needs: "read", path: "/templates" },
  "(console)/templates/new/page": { needs: "write", path: "/templates/new" },
  "(console)/templates/[id]/page": { needs: "read", path: `/templates/${f.template}`, foreign: true },
  "(console)/media/page": { needs: "read", path: "/media" },
  "(console)/subscribers/page": { needs: "read", path: "/subscribers" },
  "(console)/subscribers/[id]/page": { needs: "read", path: `/subscribers/${f.subscriber}`, foreign: true },
  "(console)/lists/page": { needs: "read", path: "/lists" },
  "(console)/fields/page": { needs: "read", path: "/fields" },
  "(console)/imports/page": { needs: "read", path: "/imports" },
  "(console)/imports/new/page": { needs: "write", path: "/imports/new" },
  "(console)/imports/[id]/page": { needs: "read", path: `/imports/${f.import}`, foreign: true },
  "(console)/senders/page": { needs: "read", path: "/senders" },
  "(console)/senders/new/page": { needs: "manage", path: "/senders/new" },
  "(console)/senders/[id]/page": { needs: "manage", path: `/senders/${f.sender}`, foreign: true },
  "(console)/domains/page": { needs: "read", path: "/domains" },
  "(console)/domains/[id]/page": { needs: "read", path: `/domains/${f.domain}`, foreign: true },
  "(console)/sending/page": { needs: "read", path: "/sending" },
  "(console)/inbox/page": { needs: "read", path: "/inbox" },
  "(console)/inbox/[id]/page": { needs: "read", path: `/inbox/${f.mail}`, foreign: true },
  "(console)/settings/page": { needs: "read", path: "/settings" },
  "(console)/settings/account/page": { needs: "read", path: "/settings/account" },
  "login/page": { needs: "anybody", path: "/login" },
  "setup/page": { needs: "anybody", path: "/setup" },
});

export const routes = (f: Furniture): Record<string, Door & { init?: RequestInit }> => ({
  "api/campaigns/[id]/progress": { needs: "read", path: `/api/campaigns/${f.draft}/progress`, foreign: true },
  "api/campaigns/[id]/report/live": {
    needs: "read",
    path: `/api/campaigns/${f.sentCampaign}/report/live`,
    foreign: true,
  },
  "api/campaigns/[id]/report/recipients": {
    needs: "export",
    path: `/api/campaigns/${f.sentCampaign}/report/recipients`,
    foreign: true,
  },
  "api/campaigns/audience": { needs: "read", path: `/api/campaigns/audience?include=${f.list}` },
  "api/campaigns/people": { needs: "read", path: "/api/campaigns/people?q=ada" },
  "api/imports": {
    needs: "write",
    path: "/api/imports",
    init: { method: "POST", headers: { "x-file-name": "people.csv" }, body: "email\neva@example.com\n" },
  },
  "api/imports/[id]/events": { needs: "read", path: `/api/imports/${f.import}/events`, foreign: true },
  "api/imports/[id]/refused": { needs: "export", path: `/api/imports/${f.import}/refused`, foreign: true },
  "api/inbox/[id]/attachments/[index]": { needs: "read", path: `/api/inbox/${f.mail}/attachments/0`, foreign: true },
  "api/inbox/[id]/html": { needs: "read", path: `/api/inbox/${f.mail}/html`, foreign: true },
  "api/inbox/[id]/source": { needs: "read", path: `/api/inbox/${f.mail}/source`, foreign: true },
  "api/inbox/latest": { needs: "read", path: "/api/inbox/latest" },
  "api/media": { needs: "read", path: "/api/media" },
  "api/media/[id]/thumbnail": { needs: "read", path: `/api/media/${f.media}/thumbnail`, foreign: true },
  "api/media/from-address": {
    needs: "write",
    path: "/api/media/from-address",
    init: {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ address: "http://127.0.0.1/" }),
    },
  },
  "api/previews": {
    needs: "read",
    path: "/api/previews",
    init: { method: "POST", body: JSON.stringify({ content: mjmlContent, subscriberId: f.subscriber }) },
    foreign: true,
  },
  "api/previews/canvas": {
    needs: "read",
    path: "/api/previews/canvas",
    init: { method: "POST", body: JSON.stringify({ source: "{}" }) },
  },
  "api/previews/campaigns/[id]": { needs: "read", path: `/api/previews/campaigns/${f.draft}`, foreign: true },
  "api/previews/starters/[key]": { needs: "read", path: "/api/previews/starters/letter" },
  "api/previews/templates/[id]": { needs: "read", path: `/api/previews/templates/${f.template}`, foreign: true },
  "api/sending/live": { needs: "read", path: "/api/sending/live" },
  // Without a session: whether this process lives, and an empty document.
  "api/health": { needs: "anybody", path: "/api/health" },
  "api/previews/frame": { needs: "anybody", path: "/api/previews/frame" },
  // Pictures in mails: the random id is the permission.
  "m/[id]/[name]": { needs: "anybody", path: "/m/AAAAAAAAAAAAAAAAAAAAAA/picture.png" },
  // Links in mails: the token is the permission. tests/e2e/doors.spec.ts tampers with them.
  "c/[token]": { needs: "anybody", path: "/c/no-token" },
  "o/[token]": { needs: "anybody", path: "/o/no-token" },
  "u/[token]": { needs: "anybody", path: "/u/no-token" },
});

export interface Action {
  needs: Permission | "anybody";
  args: unknown[];
  foreign?: boolean;
}

const mjmlContent = { kind: "mjml", v: 1, source: "<mjml><mj-body></mj-body></mjml>" };
const person = { email: "eva@example.com", firstName: "Eva", lastName: "", fields: {} };
const senderForm = {
  ...{ name: "Mine", host: "127.0.0.1", port: "9", tlsMode: "none", username: "", password: "" },
  ...{ connections: "1", messagesPerConnection: "1", ratePerSecond: "", ratePerHour: "" },
  ...{ defaultFromName: "", defaultFromEmail: "", makeDefault: "on" },
};

/** Server actions by file and name. Each is a public endpoint with an id that anybody can read in our scripts. */
export const actions = (f: Furniture): Record<string, Action> => ({
  "(console)/actions logOutAction": { needs: "anybody", args: [] },
  "(console)/actions switchWorkspaceAction": { needs: "read", args: [newId()] },
  "(console)/home-actions dismissStepAction": { needs: "write", args: ["sender"] },
  "(console)/instance-actions confirmCopyAction": { needs: "manage", args: [] },
  "(console)/sample-actions loadSampleAction": { needs: "own", args: [] },
  "(console)/sample-actions removeSampleAction": { needs: "own", args: [] },
  "(console)/campaigns/actions createCampaignAction": {
    needs: "write",
    args: [{ kind: "template", templateId: f.template }],
    foreign: true,
  },
  "(console)/campaigns/actions saveDraftAction": {
    ...draftsOnly,
    args: [{ campaignId: f.draft, version: 2, patch: { name: "Mine" } }],
  },
  "(console)/campaigns/actions draftVersionAction": { needs: "read", args: [{ campaignId: f.draft }], foreign: true },
  "(console)/campaigns/actions sendTestAction": {
    ...draftsOnly,
    args: [{ campaignId: f.draft, to: ["me@example.com"], subscriberId: null }],
  },
  "(console)/campaigns/actions launchAction": {
    needs: "launch",
    args: [{ campaignId: f.draft, version: 2, when: { kind: "now" }, acceptPlainHttp: true }],
    foreign: true,
  },
  "(console)/campaigns/actions checkEndAction": {
    needs: "read",
    args: [{ wallTime: "2030-01-01T10:00", zone: "UTC" }],
  },
  "(console)/campaigns/actions planStartAction": {
    needs: "read",
    args: [{ campaignId: f.draft, wallTime: "2030-01-01T10:00", zone: "UTC" }],
    foreign: true,
  },
  "(console)/campaigns/actions stepAction": {
    needs: "launch",
    args: [{ campaignId: f.draft, step: "cancel" }],
    foreign: true,
  },
  "(console)/campaigns/actions duplicateCampaignAction": { ...draftsOnly, args: [{ campaignId: f.draft }] },
  "(console)/campaigns/actions archiveDraftAction": { ...draftsOnly, args: [{ campaignId: f.draft, archived: true }] },
  "(console)/templates/actions createTemplateAction": {
    needs: "write",
    args: [{ kind: "template", templateId: f.template }],
    foreign: true,
  },
  "(console)/templates/actions saveTemplateAction": {
    ...draftsOnly,
    args: [{ templateId: f.template, version: 1, name: "Mine" }],
  },
  "(console)/templates/actions templateVersionAction": {
    needs: "read",
    args: [{ templateId: f.template }],
    foreign: true,
  },
  "(console)/templates/actions duplicateTemplateAction": { ...draftsOnly, args: [{ templateId: f.template }] },
  "(console)/templates/actions renameTemplateAction": {
    ...draftsOnly,
    args: [{ templateId: f.template, name: "Mine" }],
  },
  "(console)/templates/actions archiveTemplateAction": {
    ...draftsOnly,
    args: [{ templateId: f.template, archived: true }],
  },
  "(console)/media/actions saveMediaAction": { ...draftsOnly, args: [{ id: f.media, alt: "Mine" }] },
  "(console)/media/actions cropMediaAction": {
    ...draftsOnly,
    args: [{ id: f.media, name: "Mine", width: 10, crop: { left: 0, top: 0, width: 10, height: 10 } }],
  },
  "(console)/media/actions removeMediaAction": { ...draftsOnly, args: [{ id: f.media }] },
  "(console)/media/actions restoreMediaAction": { ...draftsOnly, args: [{ id: f.media }] },
  "(console)/media/actions mediaUsesAction": { needs: "read", args: [{ id: f.media }], foreign: true },
  "(console)/lists/actions createListAction": { needs: "write", args: [{ name: "Mine", description: "" }] },
  "(console)/lists/actions saveListAction": { ...draftsOnly, args: [{ id: f.list, name: "Mine", description: "" }] },
  "(console)/lists/actions archiveListAction": { ...draftsOnly, args: [{ id: f.list, archived: true }] },
  "(console)/fields/actions createFieldAction": { needs: "write", args: [{ label: "Mine", type: "text" }] },
  "(console)/fields/actions renameFieldAction": { ...draftsOnly, args: [{ id: f.field, label: "Mine" }] },
  "(console)/fields/actions archiveFieldAction": { ...draftsOnly, args: [{ id: f.field, archived: true }] },
  "(console)/subscribers/actions addPersonAction": { ...draftsOnly, args: [{ ...person, listIds: [f.list] }] },
  "(console)/subscribers/actions editPersonAction": { ...draftsOnly, args: [{ ...person, id: f.subscriber }] },
  "(console)/subscribers/actions deletePersonAction": { ...draftsOnly, args: [{ id: f.subscriber }] },
  "(console)/subscribers/actions setStandingAction": {
    ...draftsOnly,
    args: [{ subscriberId: f.subscriber, listId: f.list, status: "unsubscribed" }],
  },
  "(console)/subscribers/actions removeFromListAction": {
    ...draftsOnly,
    args: [{ subscriberId: f.subscriber, listId: f.list }],
  },
  "(console)/subscribers/actions suppressPersonAction": { ...draftsOnly, args: [{ id: f.subscriber }] },
  "(console)/subscribers/actions liftSuppressionAction": { ...draftsOnly, args: [{ id: f.subscriber }] },
  "(console)/imports/actions changeLayoutAction": {
    ...draftsOnly,
    args: [{ id: f.import, encoding: "utf-8", delimiter: ";", hasHeader: false }],
  },
  "(console)/imports/actions checkImportAction": {
    ...draftsOnly,
    args: [
      {
        ...{ id: f.import, mapping: ["email", null], listIds: [f.list], consentBasis: "They asked in the shop." },
        ...{ confirmed: true, updateExisting: "fill", dateOrder: "dmy" },
      },
    ],
  },
  "(console)/imports/actions changeMappingAction": { ...draftsOnly, args: [{ id: f.import }] },
  "(console)/imports/actions startImportAction": { ...draftsOnly, args: [{ id: f.import }] },
  "(console)/imports/actions cancelImportAction": { ...draftsOnly, args: [{ id: f.import }] },
  "(console)/inbox/actions deleteMailsAction": { needs: "write", args: [f.mail] },
  "(console)/inbox/actions restoreMailsAction": { needs: "write", args: ["2026-01-01T00:00:00.000Z"] },
  "(console)/senders/actions createSenderAction": { needs: "manage", args: [form(senderForm)] },
  "(console)/senders/actions updateSenderAction": {
    needs: "manage",
    args: [f.sender, form(senderForm)],
    foreign: true,
  },
  "(console)/senders/actions testSettingsAction": {
    needs: "manage",
    // With a user name and no password it takes the stored one.
    args: [f.sender, form({ ...senderForm, username: "olga" })],
    foreign: true,
  },
  "(console)/senders/actions testSenderAction": { needs: "manage", args: [f.sender], foreign: true },
  "(console)/senders/actions sendTrialMailAction": {
    needs: "manage",
    args: [f.sender, form({ to: "me@example.com" })],
    foreign: true,
  },
  "(console)/senders/actions makeDefaultAction": { needs: "manage", args: [f.sender], foreign: true },
  "(console)/senders/actions endWarmupAction": { needs: "manage", args: [f.sender], foreign: true },
  "(console)/senders/actions archiveSenderAction": { needs: "manage", args: [f.sender], foreign: true },
  "(console)/senders/actions restoreSenderAction": { needs: "manage", args: [f.sender], foreign: true },
  "(console)/domains/actions addDomainAction": { needs: "manage", args: [form({ domain: "example.org" })] },
  "(console)/domains/actions checkDomainAction": { needs: "manage", args: [f.domain], foreign: true },
  "(console)/domains/actions rotateKeysAction": { needs: "manage", args: [f.domain], foreign: true },
  "(console)/domains/actions cancelRotationAction": { needs: "manage", args: [f.domain], foreign: true },
  "(console)/domains/actions setSigningAction": { needs: "manage", args: [f.domain, true], foreign: true },
  "(console)/domains/actions setEd25519Action": { needs: "manage", args: [f.domain, true], foreign: true },
  "(console)/domains/actions setLinksAction": { needs: "manage", args: [f.domain, true], foreign: true },
  "(console)/domains/actions setBouncesAction": {
    needs: "manage",
    args: [f.domain, form({ host: "bounces.example.com", server: "mx.example.com" })],
    foreign: true,
  },
  "(console)/domains/actions removeBouncesAction": { needs: "manage", args: [f.domain], foreign: true },
  "(console)/domains/actions archiveDomainAction": { needs: "manage", args: [f.domain], foreign: true },
  "(console)/domains/actions restoreDomainAction": { needs: "manage", args: [f.domain], foreign: true },
  "(console)/campaigns/decision-actions previewDecisionAction": {
    needs: "launch",
    args: [{ campaignId: f.sentCampaign, decision: "resend_doubts" }],
    foreign: true,
  },
  "(console)/campaigns/decision-actions decideAction": {
    needs: "launch",
    args: [{ campaignId: f.sentCampaign, decision: "doubts_sent", confirmed: 10 }],
    foreign: true,
  },
  "(console)/sending/actions saveLaneCapsAction": {
    needs: "manage",
    args: [form({ name: "example.com", connections: "1", ratePerSecond: "" })],
  },
  "(console)/sending/actions forgetSlowDownAction": { needs: "manage", args: ["gmail.example"], foreign: true },
  "(console)/settings/actions saveWorkspaceAction": {
    needs: "manage",
    args: [form({ workspaceName: "Mine", postalAddress: "Mine", timeZone: "UTC", language: "en" })],
  },
  // Everybody's own password.
  "(console)/settings/actions changePasswordAction": {
    needs: "read",
    args: [form({ current: "not the password", next: "another password", repeat: "another password" })],
  },
  "login/actions logInAction": { needs: "anybody", args: [form({ email: "nobody@example.com", password: "guess" })] },
  "setup/actions setUpAction": { needs: "anybody", args: [form({})] },
});

function form(fields: Record<string, string>): FormData {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.append(name, value);
  return made;
}
