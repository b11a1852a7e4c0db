import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { everyBlock, makeDoc, makeSection, rich } from "#tests/support/email-docs.ts";
import { compileContent } from "../compile.ts";
import { compileMail } from "../compile-mail.ts";
import { fillMail } from "../fill-mail.ts";
import { scanHtml } from "../html-scan.ts";
import { renderMail, type SubscriberData } from "../render.ts";
import type { Block, EmailDoc, Section } from "./email-doc.ts";
import { emitDoc } from "./emit.ts";
import { readDoc } from "./read-doc.ts";
import type { Visibility } from "./visibility.ts";

const shared = { workspace: { name: "Acme", postal_address: "1 Street\nTown" }, campaign: { name: "C", subject: "S" } };
const unsubscribeUrl = "https://news.example.com/u/token";

const compile = (doc: unknown) =>
  compileContent({
    source: { kind: "doc", v: 1, source: JSON.stringify(doc) },
    subject: "Hello",
    preheader: "What is new this week, and a cup of coffee.",
  });

async function sound(doc: EmailDoc) {
  const compiled = await compile(doc);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled;
}

async function mailTo(doc: EmailDoc, subscriber: SubscriberData = {}) {
  return renderMail(await sound(doc), { ...shared, subscriber, unsubscribeUrl });
}

const problemsOf = async (doc: unknown) => {
  const compiled = await compile(doc);
  return compiled.ok ? [] : compiled.problems;
};

const one = (block: Block) => makeDoc([makeSection([block])]);

describe("every kind of block goes through the whole pipeline", () => {
  test.each(everyBlock.map((block) => [block.id, block] as const))("%s", async (_id, block) => {
    const compiled = await sound(one(block));
    expect(compiled.warnings).toEqual([]);
    expect(compiled).toMatchObject({ hasUnsubscribeLink: true, hasPostalAddress: true });
    const mail = renderMail(compiled, { ...shared, subscriber: { first_name: "Ada", city: "" }, unsubscribeUrl });
    expect(mail.html.replace(/[\s\S]*<body/, "<body")).toMatchSnapshot("html");
    expect(mail.text).toMatchSnapshot("text");
    // The way in which it is sent, and the one in which it is shown, say the same.
    const frozen = compileMail(compiled, { ...shared, trackOpens: true, trackClicks: true });
    expect(frozen.html.mode).toBe("segments");
    const urls = {
      click: (link: number) => `https://t.example/c/${link}`,
      open: "https://t.example/o",
      unsubscribe: unsubscribeUrl,
    };
    expect(fillMail(frozen, { first_name: "Ada", city: "" }, urls).body).toContain("Content-Type: text/html");
  });
});

test("a mail of all blocks in columns compiles without a complaint of MJML, and holds each of them", async () => {
  const columns: Section[] = [2, 3, 4].map((count) => ({
    id: `s${count}`,
    ratio: Array.from({ length: count }, (_, at) => at + 1),
    columns: Array.from({ length: count }, (_, at) => ({
      id: `s${count}-c${at}`,
      blocks: everyBlock
        .filter((_one, n) => n % count === at)
        .map((block) => ({ ...block, id: `${block.id}-${count}` })),
    })),
  }));
  const compiled = await sound(makeDoc([...columns, makeSection(everyBlock)]));
  expect(compiled.warnings.filter(({ code }) => code === "mjml")).toEqual([]);
  for (const words of [
    "A heading",
    "News for",
    "To the shop",
    "Mastodon",
    "The pot",
    "Watch how",
    "Thirty days",
    "best cup",
    "By hand",
  ])
    expect(compiled.html.split(words).length - 1, words).toBeGreaterThanOrEqual(4);
});

describe("the footer", () => {
  test("is in every mail: unsubscribing and the postal address, whatever the document says", async () => {
    const { html, text } = await mailTo(makeDoc([]));
    expect(html).toContain(`href="${unsubscribeUrl}"`);
    expect(html).toMatch(/1 Street<br>\s*Town/);
    expect(text).toContain(unsubscribeUrl);
    expect(await problemsOf({ ...makeDoc([]), footer: undefined })).toMatchObject([{ code: "bad_document" }]);
  });
});

describe("who sees what", () => {
  const shows = async (visibility: Visibility, subscriber: SubscriberData) => {
    const secret = makeSection([{ id: "x", type: "text", content: rich("only for some") }], { visibility });
    const block: Block = { id: "y", type: "text", content: rich("block for some"), visibility };
    const { html } = await mailTo(makeDoc([secret, makeSection([block])]), subscriber);
    const seen = [html.includes("only for some"), html.includes("block for some")];
    expect(seen[0]).toBe(seen[1]);
    return seen[0];
  };

  test.each<[Visibility["rules"][number], unknown, boolean]>([
    [{ field: "city", is: "equal", value: "Hamburg" }, "Hamburg", true],
    [{ field: "city", is: "equal", value: "Hamburg" }, "Berlin", false],
    [{ field: "city", is: "equal", value: "Hamburg" }, undefined, false],
    [{ field: "city", is: "not_equal", value: "Hamburg" }, undefined, true],
    [{ field: "city", is: "not_equal", value: "Hamburg" }, "Hamburg", false],
    [{ field: "city", is: "contains", value: "burg" }, "Hamburg", true],
    [{ field: "city", is: "contains", value: "burg" }, "Berlin", false],
    [{ field: "city", is: "set" }, "x", true],
    [{ field: "city", is: "set" }, "", false],
    [{ field: "city", is: "set" }, undefined, false],
    [{ field: "city", is: "not_set" }, " ", true],
    [{ field: "orders", is: "more", value: 3 }, 4, true],
    [{ field: "orders", is: "more", value: 3 }, 3, false],
    [{ field: "orders", is: "more", value: 3 }, undefined, false],
    [{ field: "orders", is: "less", value: -1.5 }, -2, true],
    [{ field: "an odd key", is: "equal", value: `it's "so"` }, "it's ”so”", true],
  ])("%j of %j: %j", async (rule, value, expected) => {
    const subscriber = { [rule.field]: value } as SubscriberData;
    expect(await shows({ match: "all", rules: [rule] }, subscriber)).toBe(expected);
  });

  test("all rules, or any of them", async () => {
    const rules: Visibility["rules"] = [
      { field: "a", is: "set" },
      { field: "b", is: "set" },
    ];
    expect(await shows({ match: "all", rules }, { a: "1" })).toBe(false);
    expect(await shows({ match: "all", rules }, { a: "1", b: "2" })).toBe(true);
    expect(await shows({ match: "any", rules }, { b: "2" })).toBe(true);
    expect(await shows({ match: "any", rules }, {})).toBe(false);
  });
});

const hostile = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom(
    "{{ subscriber.email }}",
    "{% include 'x' %}",
    "{%",
    "}}{{",
    "{{{{",
    "</mj-text></mj-column>",
    "<script>alert(1)</script>",
    '" onload="x',
    "' | default: '",
    "<!-- x",
    "]]>",
    "&#123;&#123; 1 }}",
    "{% raw %}",
    "a\nb",
  ),
);

test("nothing that a person writes becomes HTML, MJML or Liquid", async () => {
  await fc.assert(
    fc.asyncProperty(hostile, hostile, hostile, async (words, other, value) => {
      const text = words.trim() === "" ? "x" : words.replace(/\p{Cc}|\p{Cs}/gu, " ");
      const second = other.replace(/\p{Cc}|\p{Cs}/gu, " ");
      const blocks: Block[] = [
        {
          id: "a",
          type: "text",
          content: rich(text, { type: "mergeField", attrs: { field: "city", fallback: second } }),
        },
        {
          id: "b",
          type: "heading",
          level: 2,
          content: [text, { field: second.trim() || "k", fallback: text.slice(0, 200) }],
        },
        {
          id: "c",
          type: "image",
          src: "https://example.com/a.png",
          alt: text,
          href: `https://example.com/${encodeURI(second)}{{x}}`,
        },
        { id: "d", type: "button", label: [text], href: "https://example.com/{{ subscriber.email }}" },
        { id: "e", type: "links", use: "menu", items: [{ label: second.slice(0, 60), href: "https://example.com" }] },
      ];
      const { html, text: plain } = await mailTo(makeDoc([makeSection(blocks)]), { city: value });
      expect(html).not.toContain("<script");
      scanHtml(html, {
        tag: () => {},
        text: () => {},
        comment: () => {},
        attribute: ({ name }) => expect(name).not.toMatch(/^on/),
      });
      expect(html).not.toContain("</mj-");
      expect(plain).toContain("Unsubscribe");
      // What was written is what is read, apart from white space.
      const squeeze = (from: string) => from.replace(/\s+/g, "");
      expect(squeeze(plain)).toContain(squeeze(text));
    }),
    { numRuns: 120 },
  );
}, 60_000);

describe("what is refused", () => {
  const block = (changes: Record<string, unknown>) =>
    problemsOf({
      ...makeDoc([]),
      sections: [
        makeSection([{ id: "a", type: "button", label: ["x"], href: "https://example.com", ...changes } as Block]),
      ],
    });

  test.each([
    ["javascript: links", { href: "javascript:alert(1)" }],
    ["data: links", { href: "data:text/html,x" }],
    ["a colour that closes its attribute", { colour: '#fff" onclick="x' }],
    ["a field of its own", { onclick: "x" }],
    ["a block of an unknown kind", { type: "iframe" }],
    ["an id that is no name", { id: 'x" y' }],
    ["padding out of reach", { padding: { top: 1e9, right: 0, bottom: 0, left: 0 } }],
  ])("%s", async (_name, changes) => {
    expect((await block(changes))[0]).toMatchObject({ where: "content", code: "bad_document" });
  });

  test("a document of a newer version stays as it is, and says so", async () => {
    expect(await problemsOf({ v: 2, anything: true })).toMatchObject([{ code: "newer_version" }]);
    for (const broken of [{}, [], null, 7, { v: "1" }, { v: 0 }])
      expect(await problemsOf(broken)).toMatchObject([{ code: "bad_document" }]);
    const compiled = await compileContent({
      source: { kind: "doc", v: 1, source: "<mjml>" },
      subject: "",
      preheader: "",
    });
    expect(compiled).toMatchObject({ ok: false, problems: [{ code: "bad_document" }] });
  });

  test("more blocks than anybody needs, lists too deep, ids that occur twice, columns without a width", async () => {
    const spacers = (count: number): Block[] =>
      Array.from({ length: count }, (_, n) => ({ id: `n${n}`, type: "spacer", height: 1 }));
    const many = Array.from({ length: 10 }, (_, n) =>
      makeSection(
        spacers(50).map((one, m) => ({ ...one, id: `b${n}-${m}` })),
        { id: `s${n}` },
      ),
    );
    expect(await problemsOf(makeDoc(many))).toMatchObject([{ code: "bad_document" }]);
    expect(await problemsOf(makeDoc([makeSection(spacers(61))]))).toMatchObject([{ code: "bad_document" }]);
    const twice = [{ id: "a", type: "spacer", height: 1 } as const, { id: "a", type: "spacer", height: 1 } as const];
    expect(await problemsOf(makeDoc([makeSection(twice)]))).toMatchObject([
      { message: expect.stringContaining("twice") },
    ]);
    expect(await problemsOf(makeDoc([makeSection([], { ratio: [1, 1] })]))).toMatchObject([
      { message: expect.stringContaining("share") },
    ]);
    let list: unknown = { type: "paragraph" };
    for (let depth = 0; depth < 40; depth++)
      list = { type: "bulletList", content: [{ type: "listItem", content: [list] }] };
    const deep = one({ id: "t", type: "text", content: { type: "doc", content: [list] } } as Block);
    expect(await problemsOf(deep)).toMatchObject([{ code: "bad_document" }]);
  });

  test("scripts and forms in a block of HTML, and MJML in it; the block is named", async () => {
    for (const html of [
      "<script>alert(1)</script>",
      '<img src="x" onerror="y">',
      '<a href="javascript:x">y</a>',
      "<form></form>",
    ])
      expect(await problemsOf(one({ id: "by-hand", type: "html", html })), html).toMatchObject([
        { code: "active_content", part: "by-hand" },
      ]);
    for (const html of ["</mj-text><mj-text>", "<mj-raw>x</mj-raw>", "<mjml></mjml>"])
      expect((await problemsOf(one({ id: "by-hand", type: "html", html })))[0], html).toMatchObject({
        part: "by-hand",
      });
  });
});

test("a problem names the part of the document it is in, never a line", async () => {
  const broken = one({ id: "by-hand", type: "html", html: "<p>{{ subscriber.city</p>" });
  const [problem] = await problemsOf(broken);
  expect(problem).toMatchObject({ where: "content", part: "by-hand" });
  expect(problem).not.toHaveProperty("line");
});

test("in the canvas fields are chips, everything is seen, and each part can be found", async () => {
  const doc = makeDoc([
    makeSection([...everyBlock], { visibility: { match: "all", rules: [{ field: "city", is: "set" }] } }),
  ]);
  const { mjml } = emitDoc(doc, "canvas");
  expect(mjml).not.toMatch(/\{\{|\{%/);
  for (const part of [...everyBlock.map(({ id }) => id), "s-text", "s-text-c", "footer"])
    expect(mjml).toContain(`b-${part}`);
});

test("pictures that are not chosen yet are left out of the mail", async () => {
  const { html } = await mailTo(makeDoc([makeSection([{ id: "i", type: "image", src: "", alt: "" }])]));
  expect(html).not.toContain("<img");
});

test("what is on phones: hidden, the other way round, side by side", async () => {
  const two = [everyBlock[5], everyBlock[4]].map((block, n) => ({ id: `c${n}`, blocks: [block as Block] }));
  const section: Section = { id: "s", ratio: [1, 2], columns: two };
  expect((await sound(makeDoc([{ ...section, onPhone: "reverse" }]))).html).toMatch(/direction:rtl/);
  expect((await sound(makeDoc([{ ...section, hide: "phone" }]))).html).toMatch(/class="[^"]*hide-phone/);
  const kept = (await sound(makeDoc([{ ...section, onPhone: "keep" }]))).html;
  expect(kept).toMatch(/mj-column-per-33|33\.33/);
});

test("a document reads back as it was written", () => {
  const doc = makeDoc([makeSection(everyBlock)]);
  expect(readDoc(JSON.stringify(doc))).toEqual(doc);
});
