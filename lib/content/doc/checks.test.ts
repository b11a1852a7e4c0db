import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { everyBlock, makeDoc, makeSection, rich } from "#tests/support/email-docs.ts";
import { checkDoc } from "./checks.ts";
import { type Block, type EmailDoc, emailDoc, type Section } from "./email-doc.ts";
import { type Finding, type FindingCode, findingCodes } from "./finding.ts";

const good = { subject: "What is new in spring", preheader: "Three stories and a recipe, from the roastery to you." };
const check = (doc: EmailDoc, lines: Partial<typeof good> = {}, sizeBytes: number | null = 20_000) =>
  checkDoc({ doc, ...good, ...lines, sizeBytes });
const words: Block = { id: "words", type: "text", content: rich("Hello") };
const docOf = (...blocks: Block[]) => makeDoc([makeSection([words, ...blocks])]);
const codes = (found: Finding[]) => found.map(({ code }) => code);
const fixed = (doc: EmailDoc, code: FindingCode) => {
  const fix = check(doc).find((one) => one.code === code)?.fix;
  if (!fix) throw new Error(`nothing mends ${code}`);
  const mended = emailDoc.parse(fix(doc));
  expect(codes(check(mended))).not.toContain(code);
  return mended;
};
const picture = (changes: Partial<Extract<Block, { type: "image" }>>): Block => ({
  ...{ id: "pic", type: "image", src: "https://example.com/a.png", alt: "A cup", width: 200 },
  ...changes,
});
const button = (href: string): Block => ({ id: "go", type: "button", label: ["Go"], href });
const linked = (href: string): Block => ({
  id: "linked",
  type: "text",
  content: rich({ type: "text", text: "there", marks: [{ type: "link", attrs: { href } }] }),
});

test("nothing is found in a sound mail of every kind of block", () => {
  const soundBlocks = everyBlock.filter(({ id }) => id !== "text");
  const doc = makeDoc([makeSection(soundBlocks, { id: "s" })]);
  expect(check(doc)).toEqual([]);
});

describe("subject and preview text", () => {
  test.each<[FindingCode, Partial<typeof good>]>([
    ["subject_missing", { subject: " " }],
    ["subject_long", { subject: "long ".repeat(20) }],
    ["preheader_missing", { preheader: "" }],
    ["preheader_repeats", { preheader: "what is new in SPRING" }],
    ["preheader_short", { preheader: "Short" }],
    ["preheader_long", { preheader: "long ".repeat(40) }],
    ["fallback_missing", { subject: "For {{ subscriber.city }}" }],
    ["shouting", { subject: "EVERYTHING MUST GO" }],
    ["exclamations", { subject: "Now!! Go" }],
    ["spam_phrase", { subject: "Act now for a cup" }],
  ])("%s", (code, lines) => expect(codes(check(docOf(), lines))).toEqual([code]));

  test("a merge field with a fallback is fine, and counts as a name", () =>
    expect(check(docOf(), { subject: `Hello {{ subscriber.first_name | default: "there" }}${"!".repeat(1)}` })).toEqual(
      [],
    ));
});

describe("links", () => {
  test.each<[string, FindingCode]>([
    ["", "link_empty"],
    ["https://", "link_unfinished"],
    ["https://shop", "link_unfinished"],
    ["https://example.com/{{ name }}", "link_unfinished"],
    ["mailto:", "link_unfinished"],
    ["http://example.com", "link_insecure"],
  ])("%s is %s, in a button and in text", (href, code) => {
    expect(codes(check(docOf(button(href))))).toEqual([code]);
    expect(codes(check(docOf(linked(href))))).toEqual([code]);
  });

  test("others are fine", () => {
    for (const href of ["https://example.com/?a=[1", "mailto:a@example.com", "tel:+49401", "unsubscribe"])
      expect(check(docOf(button(href)))).toEqual([]);
  });

  test("an address in the clear is made safe, and only that", () => {
    const doc = docOf(linked("http://example.com/a"), button("http://example.com/b"));
    const mended = check(doc)[0]?.fix?.(doc);
    expect(JSON.stringify(mended)).toContain("https://example.com/a");
    expect(JSON.stringify(mended)).toContain("http://example.com/b");
  });

  test("anchors of HTML are read, without a fix", () => {
    const html: Block = {
      id: "html",
      type: "html",
      html: '<a class="x" href="#">x</a><img src="https://example.com/a">',
    };
    expect(codes(check(docOf(html))).toSorted()).toEqual(["alt_missing", "link_empty"]);
  });
});

describe("pictures", () => {
  test("without words", () =>
    expect(JSON.stringify(fixed(docOf(picture({ alt: "" })), "alt_missing"))).toContain('"decorative":true'));
  test("that lead somewhere need words", () => {
    const [found] = check(docOf(picture({ alt: "", decorative: true, href: "https://example.com" })));
    expect(found).toMatchObject({ code: "alt_missing" });
    expect(found?.fix).toBeUndefined();
  });
  test("that are not there", () =>
    expect(JSON.stringify(fixed(docOf(picture({ src: "" })), "picture_missing"))).not.toContain("pic"));
  test("of no size", () => {
    const { width: _, ...unsized } = picture({}) as Extract<Block, { type: "image" }>;
    expect(JSON.stringify(fixed(docOf(unsized), "picture_unsized"))).toContain('"width":536');
  });
  test("too small for a finger", () =>
    expect(JSON.stringify(fixed(docOf(picture({ width: 20, href: "https://example.com" })), "tap_small"))).toContain(
      '"width":44',
    ));
});

describe("colours", () => {
  const grey = { ...words, colour: "#bbbbbb" } as Block;
  test("text that is too light for its ground is darkened", () =>
    fixed(makeDoc([makeSection([grey])]), "contrast_low"));
  test("a dark section makes usual text unreadable", () =>
    void fixed(makeDoc([makeSection([words], { background: "#222222" })]), "contrast_low"));
  test("links count with the text around them", () =>
    void fixed(makeDoc([makeSection([linked("https://example.com")], { background: "#0f3b30" })]), "contrast_low"));
  test("buttons", () =>
    void fixed(docOf({ ...button("https://example.com"), colour: "#ffee00" } as Block), "contrast_low"));
  test("the footer", () =>
    void fixed(
      makeDoc([makeSection([words])], { footer: { ...makeDoc([]).footer, background: "#5d6863" } }),
      "contrast_low",
    ));
  test("coloured words", () => {
    const marked = (colour: string): Block => ({
      id: "marked",
      type: "text",
      content: rich({ type: "text", text: "x", marks: [{ type: "bold" }, { type: "colour", attrs: { colour } }] }),
    });
    fixed(docOf(marked("#ffcc00")), "contrast_low");
    fixed(docOf(marked("#101080")), "contrast_dark");
  });
  test("what only fails where colours are turned round is a hint", () => {
    const doc = makeDoc([makeSection([{ ...words, colour: "#000000" } as Block], { background: "#7b7b7b" })]);
    expect(check(doc)).toMatchObject([{ code: "contrast_inverted", severity: "hint" }]);
  });
  test("on a picture nobody knows", () =>
    expect(check(makeDoc([makeSection([grey], { picture: "https://example.com/p.png" })]))).toEqual([]));
});

describe("order, size and emptiness", () => {
  const h = (id: string, level: 1 | 2 | 3): Block => ({ id, type: "heading", level, content: ["A title"] });
  test("headings go down step by step", () => {
    expect(check(docOf(h("a", 2), h("b", 3), h("c", 1)))).toEqual([]);
    fixed(docOf(h("a", 1), h("b", 3)), "heading_skips");
    const inside: Block = {
      id: "in",
      type: "text",
      content: {
        type: "doc",
        content: [
          { type: "heading", attrs: { level: 3 } },
          { type: "paragraph", content: [{ type: "text", text: "x" }] },
        ],
      },
    };
    fixed(docOf(inside), "heading_skips");
  });
  test("small text", () => {
    fixed(docOf({ ...words, id: "small", size: 11 } as Block), "text_small");
    const base = docOf();
    fixed({ ...base, theme: { ...base.theme, textSize: 12 } }, "text_small");
  });
  test("weight", () => {
    expect(codes(check(docOf(), {}, 81 * 1024))).toEqual(["heavy"]);
    expect(check(docOf(), {}, 103 * 1024)).toMatchObject([
      { code: "clipped", severity: "stop", values: { count: 103 } },
    ]);
    expect(check(docOf(), {}, null)).toEqual([]);
  });
  test("a section with nothing in it goes, a bar of colour stays", () => {
    const bar = makeSection([{ id: "bar", type: "spacer", height: 8 }]);
    const mended = fixed(makeDoc([makeSection([words]), makeSection([], { id: "none" }), bar]), "section_empty");
    expect(mended.sections.map(({ id }) => id)).toEqual(["s-words", "s-bar"]);
  });
  test("an empty mail", () => expect(codes(check(makeDoc([])))).toEqual(["nothing_written"]));
  test("fields without a fallback; the first name gets one", () => {
    const greets = (field: string): Block => ({
      id: "hi",
      type: "heading",
      level: 1,
      content: ["Hi ", { field, fallback: " " }],
    });
    expect(JSON.stringify(fixed(docOf(greets("first_name")), "fallback_missing"))).toContain('"fallback":"there"');
    expect(check(docOf(greets("city")))).toMatchObject([{ code: "fallback_missing", values: { field: "city" } }]);
  });
});

describe("what nobody can see", () => {
  const only = (...rules: NonNullable<Section["visibility"]>["rules"]) => ({ match: "all" as const, rules });
  test.each([
    only({ field: "city", is: "equal", value: "A" }, { field: "city", is: "equal", value: "B" }),
    only({ field: "city", is: "not_set" }, { field: "city", is: "set" }),
    only({ field: "city", is: "equal", value: "A" }, { field: "city", is: "not_equal", value: "A" }),
    only({ field: "age", is: "less", value: 3 }, { field: "age", is: "more", value: 3 }),
  ])("contradicts itself: %j", (visibility) => {
    fixed(docOf({ ...words, id: "some", visibility }), "block_unseen");
    expect(check(docOf({ ...words, id: "some", visibility: { ...visibility, match: "any" } }))).toEqual([]);
  });
  test("a block contradicts its section", () => {
    const inside = { ...words, visibility: only({ field: "city", is: "equal", value: "A" }) };
    const doc = makeDoc([
      makeSection([words]),
      makeSection([{ ...inside, id: "in" }], { id: "b", visibility: only({ field: "city", is: "equal", value: "B" }) }),
    ]);
    fixed(doc, "block_unseen");
    fixed(makeDoc([makeSection([{ ...words, hide: "phone" } as Block], { hide: "desktop" })]), "block_unseen");
  });
});

test("a fix removes its finding and leaves a valid document, whatever the document", () => {
  const colour = fc.constantFrom("#ffffff", "#000000", "#777777", "#1b6b52", "#ffd43b", "#222222");
  const href = fc.constantFrom("", "http://example.com/a", "https://example.com", "https://", "mailto:");
  const mark = fc.oneof(
    colour.map((c) => ({ type: "colour" as const, attrs: { colour: c } })),
    href.map((to) => ({ type: "link" as const, attrs: { href: to } })),
  );
  const inline = fc.oneof(
    fc.record({
      type: fc.constant("text" as const),
      text: fc.constantFrom("word", "ACT NOW!!"),
      marks: fc.array(mark, { maxLength: 2 }),
    }),
    fc.record({
      type: fc.constant("mergeField" as const),
      attrs: fc.record({ field: fc.constantFrom("first_name", "city"), fallback: fc.constantFrom("", "you") }),
    }),
  );
  const content = fc.array(inline, { maxLength: 3 }).map((parts) => rich(...parts));
  const opt = <T>(key: string, of: fc.Arbitrary<T>) =>
    fc.option(of, { nil: null }).map((value) => (value === null ? {} : { [key]: value }));
  const block = fc.oneof(
    fc
      .tuple(
        content,
        opt("colour", colour),
        opt("size", fc.integer({ min: 10, max: 20 })),
        opt("hide", fc.constantFrom("phone", "desktop")),
      )
      .map(([c, ...more]) => Object.assign({ type: "text", content: c }, ...more)),
    fc
      .tuple(fc.constantFrom(1, 2, 3), opt("colour", colour))
      .map(([level, more]) => ({ type: "heading", level, content: ["Title"], ...more })),
    fc
      .tuple(href, opt("colour", colour), opt("textColour", colour))
      .map(([to, ...more]) => Object.assign({ type: "button", label: ["Go"], href: to }, ...more)),
    fc
      .tuple(
        fc.constantFrom("", "https://example.com/a.png"),
        fc.constantFrom("", "A cup"),
        opt("href", href),
        opt("width", fc.integer({ min: 8, max: 90 })),
      )
      .map(([src, alt, ...more]) => Object.assign({ type: "image", src, alt }, ...more)),
    fc
      .tuple(content, opt("textColour", colour), opt("background", colour))
      .map(([c, ...more]) => Object.assign({ type: "list", marker: "dot", items: [{ content: c }] }, ...more)),
    fc
      .tuple(content, opt("textColour", colour))
      .map(([c, more]) => ({ type: "quote", content: c, author: [], ...more })),
  ) as fc.Arbitrary<Omit<Block, "id">>;
  const section = fc.tuple(
    fc.array(block, { maxLength: 4 }),
    opt("background", colour),
    opt("hide", fc.constantFrom("phone", "desktop")),
  );
  fc.assert(
    fc.property(fc.array(section, { maxLength: 3 }), colour, (sections, footerGround) => {
      const doc = emailDoc.parse(
        makeDoc(
          sections.map(([blocks, ...more], s) =>
            makeSection(
              blocks.map((one, b) => ({ ...one, id: `b${s}-${b}` }) as Block),
              Object.assign({ id: `s${s}` }, ...more),
            ),
          ),
          { footer: { ...makeDoc([]).footer, background: footerGround } },
        ),
      );
      const key = ({ code, part, values }: Finding) => JSON.stringify([code, part, values]);
      for (const found of check(doc)) {
        expect(findingCodes).toContain(found.code);
        if (!found.fix) continue;
        const mended = emailDoc.parse(found.fix(doc));
        expect(check(mended).map(key)).not.toContain(key(found));
      }
    }),
    { numRuns: 300 },
  );
});
