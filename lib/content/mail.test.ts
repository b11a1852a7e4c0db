import fc from "fast-check";
import PostalMime from "postal-mime";
import { beforeAll, describe, expect, it } from "vitest";
import { type CompiledContent, compileContent } from "./compile.ts";
import { type CompiledMail, compileMail, type MailPart } from "./compile-mail.ts";
import { fillMail, isVerbatimBase, type MessageUrls } from "./fill-mail.ts";
import type { Op } from "./mail-ops.ts";
import { armHtml, armPlain, renderMail, type SubscriberData } from "./render.ts";

const shared = {
  workspace: { name: "Röst & Co <b>", postal_address: "1 Main St\r\nTown = City" },
  campaign: { name: "Spring “sale”", subject: "Hi" },
  now: "2026-03-01T00:00:00Z",
};
const urls: MessageUrls = {
  click: (link) => `https://t.example/c/token${link}`,
  open: "https://t.example/o/token",
  unsubscribe: "https://t.example/u/token",
};
const tracked = { ...shared, trackOpens: true, trackClicks: true };

const page = (content: string) =>
  `<mjml><mj-body><mj-section><mj-column><mj-text>\n${content}\n</mj-text></mj-column></mj-section></mj-body></mjml>`;

async function sound(source: string, subject = "Hello", preheader = ""): Promise<CompiledContent> {
  const result = await compileContent({ source: { kind: "mjml", v: 1, source }, subject, preheader });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

/** The same mail with every part on the other path: rendered whole by Liquid, then encoded. */
function renderedWhole(compiled: CompiledContent, mail: CompiledMail): CompiledMail {
  const template = (part: MailPart, source: string): MailPart =>
    part.mode === "liquid" ? part : { mode: "liquid", template: source };
  return {
    ...mail,
    subject: template(mail.subject, armPlain(compiled.subject, "line")),
    text: template(mail.text, armPlain(compiled.text, "plain")),
    html: template(mail.html, armHtml(compiled.html)),
  };
}

/** Links and pixel are put in by compileMail, so an untracked mail is compared; tracking has tests of its own. */
function bothPaths(compiled: CompiledContent, subscriber: SubscriberData) {
  const mail = compileMail(compiled, { ...shared, trackOpens: false, trackClicks: false });
  return {
    fast: fillMail(mail, subscriber, urls),
    slow: fillMail(renderedWhole(compiled, mail), subscriber, urls),
    mail,
  };
}

async function parse(mail: { contentType: string; body: string }) {
  return await PostalMime.parse(`MIME-Version: 1.0\r\nContent-Type: ${mail.contentType}\r\n\r\n${mail.body}`);
}

const nastyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 300 }),
  fc.stringMatching(/^[=. \t\r\n<>&"'é😀{}%-]{0,120}$/u),
  fc.constantFrom(
    "",
    " ",
    "\n",
    "\r",
    "\r\n.\r\n",
    ".",
    "..\n.",
    "=",
    "=3D",
    "=\r\n",
    "x".repeat(2000),
    "ü".repeat(500),
    " \t ",
    "trailing ",
    "{{ x }}",
    "{% if %}",
    "\ud800",
    "a\u0000b",
    "<script>alert(1)</script>",
  ),
);
const fieldValue = fc.oneof(
  nastyText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.array(fc.string(), { maxLength: 3 }),
);
const person: fc.Arbitrary<SubscriberData> = fc.record(
  {
    email: nastyText,
    first_name: fieldValue,
    last_name: fieldValue,
    plan: fieldValue,
    site: fieldValue,
    size: fieldValue,
  },
  { requiredKeys: [] },
);

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z0-9 =.éü,;:!?–-]{0,90}$/) },
  fc.constantFrom(
    "{{ subscriber.first_name }}",
    '{{ subscriber.first_name | default: "there, é=" }}',
    "{{ subscriber.last_name | upcase | strip }}",
    "{{ subscriber.last_name | downcase | capitalize }}",
    "{{- subscriber.first_name -}}",
    "{{ subscriber['plan'] | append: '=' | prepend: '.' }}",
    "{{ subscriber.size }}",
    "{{ subscriber.first_name | truncate: 7 }}",
    "{{ subscriber.first_name | escape | newline_to_br }}",
    "{{ subscriber.email | url_encode }}",
    "{{ workspace.name }}",
    "{{ workspace.postal_address | newline_to_br }}",
    "{{ campaign.name | upcase }}",
    '{{ "now" | date: "%Y" }}',
    "{% if subscriber.first_name %}yes {{ subscriber.first_name }}{% else %}no{% endif %}",
    "{%- if subscriber.plan == 'gold' -%} gold {%- elsif subscriber.plan -%} {{ subscriber.plan }}\n\n{%- else -%} none {%- endif -%}",
    "{% unless subscriber.plan %}a\n{% else %}b {% endunless %}",
    "{% if subscriber.size > 3 or subscriber.plan contains 'g' %}big{% endif %}",
    "{% case subscriber.plan %}{% when 'gold' %}G{% else %}{{ subscriber.plan }}{% endcase %}",
    "{% for i in (1..3) %}{{ i }}{{ subscriber.first_name }}\n{% endfor %}",
    '<a href="{{ subscriber.site }}">site</a>',
    '<a href="https://a.example/?e={{ subscriber.email }}&amp;x=1">mail</a>',
    '<a href="{% if subscriber.site %}{{ subscriber.site }}{% else %}https://b.example{% endif %}">either</a>',
    '<b title="{{ subscriber.first_name }}" style="color:{{ subscriber.plan }}">styled</b>',
    '<a href="{{ unsubscribe_url }}">out</a>',
    "\n",
    " \n ",
    "<br>",
    "&nbsp;&amp;&lt;",
    "😀 = é",
  ),
);
const stateful = fc.constantFrom(
  "",
  "",
  "{% assign n = subscriber.first_name | upcase %}{{ n }}",
  "{% capture c %}x {{ subscriber.first_name }}{% endcapture %}{{ c }}",
);
const subjectPiece = fc.constantFrom(
  "Hi ",
  "é = ",
  "{{ subscriber.first_name }}",
  '{{ subscriber.last_name | default: "you" }}',
  "{% if subscriber.plan %}P{% else %}{{ subscriber.first_name }}{% endif %}",
  "{{ campaign.name }}",
  "{{ subscriber.size | truncate: 3 }}",
);

describe("segments and the full render give the same bytes", () => {
  it("for random templates and random people", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        stateful,
        fc.array(subjectPiece, { maxLength: 4 }),
        fc.array(person, { minLength: 3, maxLength: 6 }),
        async (pieces, set, subject, people) => {
          const compiled = await sound(page(pieces.join("") + set), subject.join(""), subject.join(" "));
          for (const subscriber of people) {
            const { fast, slow, mail } = bothPaths(compiled, subscriber);
            expect(fast).toEqual(slow);
            expect(mail.html.mode).toBe(set === "" ? "segments" : "liquid");
            expectWire(fast.body);
            expect(fast.subject).not.toMatch(/[\r\n\0\u2028\u2029]/);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("and both decode to what the preview shows", async () => {
    const compiled = await sound(
      page(
        'Hi {{ subscriber.first_name }},\n<a href="https://a.example/">link</a> {% if subscriber.vip %}= é{% endif %}',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.record({ first_name: nastyText, vip: fc.boolean() }), async (subscriber) => {
        const { fast } = bothPaths(compiled, subscriber);
        const parsed = await parse(fast);
        const shown = renderMail(compiled, { ...shared, subscriber, unsubscribeUrl: urls.unsubscribe });
        // The MIME parser ends each part with a line break of its own.
        expect(parsed.html?.replace(/\n$/, "")).toBe(shown.html.replace(/\n$/, ""));
        expect(parsed.text?.replace(/\n$/, "")).toBe(shown.text.replace(/\n$/, ""));
      }),
      { numRuns: 200 },
    );
  });
});

/** RFC 2045: at most 76 octets a line, ASCII, CRLF only, no white space at a line's end. */
function expectWire(body: string) {
  expect(body).toMatch(/^[\t\r\n\x20-\x7e]*$/);
  expect(body.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  for (const line of body.split("\r\n")) {
    expect(line.length).toBeLessThanOrEqual(76);
    expect(line).not.toMatch(/[ \t]$/);
  }
  expect(body.endsWith("--\r\n")).toBe(true);
}

describe("tracking", () => {
  const source =
    page(`<a href="https://a.example/?x=1&amp;y=2">a</a> <a href='https://b.example/{{ campaign.name | url_encode }}'>b</a>
    <a href="https://a.example/?x=1&amp;y=2">again</a> <a href="https://c.example/?e={{ subscriber.email }}">c</a>
    <a href="{{ unsubscribe_url }}">out</a> <a href="mailto:x@example.com">mail</a>`);
  let compiled: CompiledContent;
  beforeAll(async () => {
    compiled = await sound(source);
  });

  it("links lead through tokens to the frozen table, each asked for once", async () => {
    const mail = compileMail(compiled, tracked);
    expect(mail.links).toEqual([
      "https://a.example/?x=1&y=2",
      `https://b.example/${encodeURIComponent("Spring “sale”").replaceAll("%20", "+")}`,
    ]);
    const asked: number[] = [];
    const filled = fillMail(
      mail,
      { email: "x@example.com" },
      { ...urls, click: (link) => urls.click(asked.push(link) && link) },
    );
    expect(asked.toSorted()).toEqual([0, 1]);
    const { html = "", text = "" } = await parse(filled);
    expect([...html.matchAll(/<a href=["']([^"']*)["']/g)].map((match) => match[1])).toEqual([
      "https://t.example/c/token0",
      "https://t.example/c/token1",
      "https://t.example/c/token0",
      "https://c.example/?e=x%40example.com",
      "https://t.example/u/token",
      "mailto:x@example.com",
    ]);
    expect(text).toContain("a <https://t.example/c/token0> b <https://t.example/c/token1>");
    expect(html).toContain('<img src="https://t.example/o/token"');
  });

  it("without tracking there is no pixel and links are plain", async () => {
    const mail = compileMail(compiled, { ...shared, trackOpens: false, trackClicks: false });
    const { html = "" } = await parse(fillMail(mail, { email: "x@example.com" }, urls));
    expect(mail.links).toEqual([]);
    expect(html).toContain('href="https://a.example/?x=1&amp;y=2"');
    expect(html).not.toContain("t.example/c/");
    expect(html).not.toContain("t.example/o/");
    expect(html).toContain("https://t.example/u/token");
  });

  it("the whole render carries the same links and pixel", async () => {
    const stateful = await sound(source.replace("<mj-text>", '<mj-text>{% assign x = "1" %}'));
    const mail = compileMail(stateful, tracked);
    expect(mail.html.mode).toBe("liquid");
    const { html = "" } = await parse(fillMail(mail, { email: "x@example.com" }, urls));
    expect(html.match(/t\.example\/c\/token/g)).toHaveLength(3);
    expect(html).toContain('<img src="https://t.example/o/token"');
  });

  it("a frozen mail survives the database", () => {
    const mail = compileMail(compiled, tracked);
    const restored = JSON.parse(JSON.stringify(mail)) as CompiledMail;
    expect(fillMail(restored, { email: "a" }, urls)).toEqual(fillMail(mail, { email: "a" }, urls));
    expect(compileMail(compiled, tracked)).toEqual(mail);
  });
});

describe("a hostile subscriber is harmless everywhere", () => {
  const source = page(`<p title="{{ subscriber.name }}" style="color: {{ subscriber.name }}">{{ subscriber.name }}</p>
    <a href="{{ subscriber.name }}">whole</a> <a href="https://a.example/{{ subscriber.name }}">part</a>
    <a href="{% if subscriber.name %}{{ subscriber.name }}{% endif %}">chosen</a>
    {% assign copy = subscriber.name %}{{ copy }} {% capture more %}{{ subscriber.name }}{% endcapture %}{{ more }}
    <!--[if mso]>{{ subscriber.name }}<![endif]-->`);
  const names = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>1</script>",
    "--><script>alert(1)</script>",
    "<![endif]--><script>alert(1)</script>",
    "red;background:url(javascript:alert(1))",
    "</style><script>alert(1)</script>",
    "{{ workspace.name }}{% raw %}",
    'https://evil.example/"onclick=alert(1)',
    "`onload=alert(1)",
  ];
  it.each(names)("%j", async (name) => {
    const compiled = await sound(source, "{{ subscriber.name }}", "{{ subscriber.name }}");
    const shown = renderMail(compiled, { ...shared, subscriber: { name }, unsubscribeUrl: urls.unsubscribe });
    const filled = await parse(fillMail(compileMail(compiled, tracked), { name }, urls));
    for (const html of [shown.html, filled.html ?? ""]) {
      expect(html).not.toMatch(/<script|<img src=x/i);
      const tags = html.match(/<[a-z][^>]*>/gi)?.join("\n") ?? "";
      const unquoted = tags.replace(/"[^"]*"|'[^']*'/g, "");
      expect(unquoted).not.toMatch(/\bon[a-z]+\s*=/i);
      expect(html).not.toMatch(/(?:href|src)=["']?\s*(?:java|data|vb)/i);
      expect(html.match(/<!\[endif\]-->/g)).toHaveLength(html.match(/<!--\[if/g)?.length ?? 0);
      expect(html).not.toContain("Röst");
    }
  });

  it.each(["a\r\nBcc: x@example.com", "a\nb", "a\u0000b", "a\u2028b", "a\u0085b"])(
    "a subject cannot be broken by %j",
    async (name) => {
      const compiled = await sound(page("x"), "Hi {{ subscriber.name }}");
      const data = { ...shared, subscriber: { name }, unsubscribeUrl: urls.unsubscribe };
      expect(renderMail(compiled, data).subject).not.toMatch(/[\r\n\0\u2028\u0085]/);
      expect(fillMail(compileMail(compiled, tracked), { name }, urls).subject).not.toMatch(/[\r\n\0\u2028\u0085]/);
    },
  );

  it("inherited properties are not fields", async () => {
    const compiled = await sound(
      page(
        "[{{ subscriber.toString }}{{ subscriber.__proto__ }}{{ subscriber.constructor }}]{% if subscriber.constructor %}bad{% endif %}",
      ),
    );
    const { fast, slow } = bothPaths(compiled, {});
    expect(fast).toEqual(slow);
    expect((await parse(fast)).text).toContain("[]");
  });
});

describe("which path a mail takes", () => {
  const kinds = (part: MailPart): string[] => (part.mode === "liquid" ? ["whole"] : part.ops.flatMap(kindsOf));
  const kindsOf = (op: Op): string[] =>
    op.op === "choice" ? ["choice", ...op.branches.flatMap((branch) => branch.ops.flatMap(kindsOf))] : [op.op];

  it("fields with common filters are holes, shared data is printed in, other filters are rendered in place", async () => {
    const holes = compileMail(
      await sound(page('{{ subscriber.a | default: "b" | upcase }} {{ workspace.name }}')),
      shared0(),
    );
    expect(new Set(kinds(holes.html))).toEqual(new Set(["text", "hole"]));
    const islands = compileMail(await sound(page("{{ subscriber.a | truncate: 3 }}")), shared0());
    expect(kinds(islands.html)).toContain("liquid");
    const choice = compileMail(await sound(page("{% if subscriber.a %}1{% else %}2{% endif %}")), shared0());
    expect(kinds(choice.html)).toEqual(["text", "choice", "text", "text", "text"]);
  });
  const shared0 = () => ({ ...shared, trackOpens: false, trackClicks: false });
});

it("work without end in one message throws instead of hanging", async () => {
  const compiled = await sound(page("{% for i in (1..100000000) %}x{% endfor %}"));
  expect(() => fillMail(compileMail(compiled, tracked), {}, urls)).toThrow("too much work");
});

it("addresses that need no escaping are put in as they are, to the same bytes", async () => {
  const links = Array.from({ length: 5 }, (_, i) => `<a href="https://example.com/${i}">story ${i}</a>`).join(" ");
  const compiled = await sound(
    page(`Hello {{ subscriber.first_name }} ${links} <a href="{{ unsubscribe_url }}">leave</a>`),
  );
  const mail = compileMail(compiled, tracked);
  const base = "https://news.example.com:8443";
  expect(isVerbatimBase(base)).toBe(true);
  const plain: MessageUrls = {
    click: (i) => `${base}/c/aZ09_-${"x".repeat(60)}${i}`,
    open: `${base}/o/aZ09_-`,
    unsubscribe: `${base}/u/aZ09_-`,
  };
  expect(fillMail(mail, { first_name: "Zoë" }, { ...plain, verbatim: true })).toEqual(
    fillMail(mail, { first_name: "Zoë" }, plain),
  );
  for (const odd of ["https://news.example.com/a&b", "https://ä.example", "javascript:x", "https://x.example/=3D"])
    expect(isVerbatimBase(odd)).toBe(false);
});
