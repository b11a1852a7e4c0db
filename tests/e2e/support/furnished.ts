import sharp from "sharp";
import { createField } from "#lib/audience/fields.ts";
import { createList } from "#lib/audience/lists.ts";
import { addSubscriber } from "#lib/audience/subscribers.ts";
import type { Scope } from "#lib/auth/scope.ts";
import { createTemplate } from "#lib/campaigns/templates.ts";
import { storeMails } from "#lib/inbox/store.ts";
import { addDomain, setBounceDomain } from "#lib/senders/domains/save.ts";
import { senderInput } from "#lib/senders/input.ts";
import { createSender } from "#lib/senders/save.ts";
import { makeDraft } from "#tests/support/campaign-fixtures.ts";
import { tellCampaign } from "#tests/support/report-fixtures.ts";
import type { Installation } from "./installation.ts";

/** One of everything that has an address of its own. */
export interface Furniture {
  list: string;
  field: string;
  subscriber: string;
  template: string;
  draft: string;
  sentCampaign: string;
  /** In doubt, of the sent campaign. */
  message: string;
  sender: string;
  domain: string;
  mail: string;
  import: string;
  media: string;
}

const mail = `From: Harbour Books <news@example.com>\r
To: ada@example.com\r
Subject: A mail with everything\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/html\r
\r
<p>Moin</p>\r
--b\r
Content-Type: text/plain\r
Content-Disposition: attachment; filename=note.txt\r
\r
A note.\r
--b--\r
`;

/** Puts one of everything into a workspace; `cookie` is a session in it. */
export async function furnish({ db, pool, baseUrl }: Installation, scope: Scope, cookie: string): Promise<Furniture> {
  const { workspaceId } = scope;
  const list = await createList(db, scope, { name: "Readers", description: "" });
  const field = await createField(db, scope, { label: "City", type: "text" });
  const person = { email: "ada@example.com", firstName: "Ada", lastName: "Lovelace", fields: { city: "London" } };
  const subscriber = await addSubscriber(db, scope, { ...person, listIds: [list.id], wording: "In the shop" });
  const template = await createTemplate(db, scope, {
    name: "House style",
    from: { kind: "starter", starterId: "code" },
  });
  const draft = await makeDraft(db, scope, list.id);
  const sentCampaign = await tellCampaign(
    pool,
    scope,
    [
      {
        name: "grete",
        attempts: ["sent"],
        did: ["human open 5", "human click 6 link 0"],
        cameBack: ["complaint abuse"],
      },
      { name: "hein", attempts: ["deferred greylist 12"] },
      { name: "fiete", attempts: ["failed hard"] },
      { name: "jan", attempts: ["in_doubt in_doubt"], cameBack: ["bounce soft"] },
    ],
    { name: "Last spring", links: ["https://example.com/atlas"], status: "finished" },
  );
  const doubt = await pool.query("select id from message where source_id = $1 and email = 'jan@example.com'", [
    sentCampaign,
  ]);
  await pool.query(
    `insert into lane (workspace_id, name, connections, slowed_rate, slowed_at, raise_at, detail)
     values ($1, 'gmail.example', 2, 0.5, now(), now() + interval '5 minutes', '421 4.7.28 slow down')`,
    [workspaceId],
  );
  const sender = await createSender(
    db,
    scope,
    senderInput.parse({
      ...{ name: "Relay", host: "127.0.0.1", port: 9, tlsMode: "none", verifyCertificate: true },
      ...{ username: "", password: "", connections: 1, messagesPerConnection: 100 },
      ...{ defaultFromName: "", defaultFromEmail: "", makeDefault: false },
    }),
  );
  const domain = await addDomain(db, scope, { domain: "example.com" });
  await setBounceDomain(db, scope, { domainId: domain, host: "bounces.example.com", server: "mx.example.com" });
  await storeMails(
    db,
    [{ workspaceId, mailFrom: "news@example.com", rcptTo: ["ada@example.com"], raw: Buffer.from(mail) }],
    100,
  );
  const { rows } = await pool.query("select id from inbox_mail where workspace_id = $1", [workspaceId]);
  const ids = {
    list: list.id,
    field: field.id,
    subscriber: subscriber.id,
    template,
    draft: draft.id,
    sentCampaign,
    message: doubt.rows[0].id,
    sender,
    domain,
  };
  return {
    ...ids,
    mail: rows[0].id,
    import: await uploadedImport(baseUrl, cookie),
    media: await uploadedPicture(baseUrl, cookie),
  };
}

/** An import that waits for its columns, uploaded as the page does. */
async function uploadedImport(baseUrl: string, cookie: string): Promise<string> {
  const answer = await fetch(`${baseUrl}/api/imports`, {
    method: "POST",
    headers: { cookie, "x-file-name": "people.csv" },
    body: "email,city\nida@example.com,Altona\n",
  });
  const { id } = (await answer.json()) as { id: string };
  return id;
}

/** A picture, uploaded as the page does. */
async function uploadedPicture(baseUrl: string, cookie: string): Promise<string> {
  const picture = sharp({ create: { width: 320, height: 200, channels: 3, background: "teal" } });
  const answer = await fetch(`${baseUrl}/api/media`, {
    method: "POST",
    headers: { cookie, "x-file-name": "harbour.png" },
    body: new Uint8Array(await picture.png().toBuffer()),
  });
  const { id } = (await answer.json()) as { id: string };
  return id;
}
