import { describe, expect, it } from "vitest";
import { type CompiledContent, compileContent } from "./compile.ts";
import type { ContentInput } from "./content-input.ts";
import { renderMail } from "./render.ts";

const mail = (body: string, head = "") => `<mjml>\n<mj-head>${head}</mj-head>\n<mj-body>\n${body}\n</mj-body>\n</mjml>`;
const text = (content: string) => `<mj-section><mj-column>\n<mj-text>${content}</mj-text>\n</mj-column></mj-section>`;
const compile = (source: string, rest: Partial<ContentInput> = {}) =>
  compileContent({ source: { kind: "mjml", v: 1, source }, subject: "Hello", preheader: "", ...rest });

async function sound(source: string, rest: Partial<ContentInput> = {}): Promise<CompiledContent> {
  const result = await compile(source, rest);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}
async function problems(source: string, rest: Partial<ContentInput> = {}) {
  const result = await compile(source, rest);
  return result.ok ? [] : result.problems;
}

describe("Liquid survives MJML unchanged", () => {
  it("a brace that was written as text stays one, right before Liquid too", async () => {
    const compiled = await sound(mail(text("&#123;&#123;&#123;{{ subscriber.city }} &#123;% x")));
    const { html, text: plain } = renderMail(compiled, {
      workspace: { name: "", postal_address: "" },
      campaign: { name: "", subject: "" },
      subscriber: { city: "Ulm" },
      unsubscribeUrl: "https://example.com/u",
    });
    expect(html).toContain("&#123;&#123;&#123;Ulm &#123;% x");
    expect(plain).toContain("{{{Ulm {% x");
  });

  it.each([
    "{{ subscriber.first_name }}",
    "{{- subscriber.first_name -}}",
    "{{ subscriber.first_name | default: \"<there> & 'you'\" }}",
    '{% if subscriber.age < 3 and subscriber.plan == "a&b" %}young{% else %}grown{% endif %}',
    "{% for i in (1..3) %}{{ i }}{% endfor %}",
  ])("%s in text", async (liquid) => {
    expect((await sound(mail(text(`a ${liquid} b`)))).html).toContain(`a ${liquid} b`);
  });

  it("in attributes and addresses", async () => {
    const source = mail(
      `<mj-section><mj-column><mj-button href="https://a.example/?q={{ subscriber.email | url_encode }}&amp;x=1" title="{{ subscriber.first_name | default: 'you' }}">Go</mj-button></mj-column></mj-section>`,
    );
    const { html } = await sound(source);
    expect(html).toContain('href="https://a.example/?q={{ subscriber.email | url_encode }}&amp;x=1"');
    expect(html).toContain(`title="{{ subscriber.first_name | default: 'you' }}"`);
  });

  it("conditions between sections, columns and blocks choose what is shown", async () => {
    const source = mail(
      `{% if subscriber.vip %}${text("<b>gold</b>")}{% else %}${text("plain")}{% endif %}
       <mj-section>{% if subscriber.a %}<mj-column>{% unless subscriber.b %}<mj-text>inner</mj-text>{% endunless %}</mj-column>{% endif %}</mj-section>`,
    );
    const { html } = await sound(source);
    expect(html.indexOf("{% if subscriber.vip %}")).toBeLessThan(html.indexOf("gold"));
    expect(html.indexOf("{% else %}")).toBeGreaterThan(html.indexOf("gold"));
    expect(html).toMatch(/\{% unless subscriber\.b %\}[\s\S]*inner[\s\S]*\{% endunless %\}/);
  });

  it("inline styles do not disturb it", async () => {
    const { html } = await sound(
      mail(
        text(`<p class="x">{% if subscriber.n < 3 %}{{ subscriber.n }}{% endif %}</p>`),
        `<mj-style inline="inline">.x { color: red; }</mj-style>`,
      ),
    );
    expect(html).toContain("{% if subscriber.n < 3 %}{{ subscriber.n }}{% endif %}");
    expect(html).toContain("color: red");
  });

  it("comments of Liquid are gone", async () => {
    expect((await sound(mail(`{% comment %}${text("secret")}{% endcomment %}${text("shown")}`))).html).not.toContain(
      "secret",
    );
  });
});

describe("Outlook's conditional comments survive", () => {
  it("as many as MJML writes, opened and closed", async () => {
    const { html } = await sound(
      mail(`<!-- note -->${text("a")}${text("b")}<mj-raw><!--[if mso]><b>only Outlook</b><![endif]--></mj-raw>`),
    );
    expect(html).toContain("<!--[if !mso]><!-->");
    expect(html).toContain("<!--[if mso]><b>only Outlook</b><![endif]-->");
    expect(html).not.toContain("note");
    const opened = html.match(/<!--\[if/g)?.length;
    expect(opened).toBeGreaterThanOrEqual(6);
    expect(html.match(/<!\[endif\]-->/g)?.length).toBe(opened);
  });
});

describe("head", () => {
  it("no font and nothing else is loaded from outside", async () => {
    const { html } = await sound(mail(text("a")));
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });

  it("language, direction, title and preheader are set", async () => {
    const { html, preheader } = await sound(mail(text("a")), {
      language: "ar",
      subject: "A < B & {{ subscriber.email }}",
      preheader: "Look & see",
    });
    expect(html).toContain('<html lang="ar" dir="rtl"');
    expect(html).toContain("<title>A &lt; B &amp; {{ subscriber.email }}</title>");
    expect(html).toMatch(/<body[^>]*>\n<div style="display:none[^>]*>Look &amp; see<\/div>/);
    expect(preheader).toBe("Look & see");
  });

  it("a title is plain text, and braces in a fallback end nothing", async () => {
    const result = await sound(mail(text("a")), {
      title: "50 % {{ <off>",
      preheader: '<{{ subscriber.x | default: "}}" }}>',
    });
    expect(result.html).toContain("<title>50 % &#123;&#123; &lt;off&gt;</title>");
    expect(result.html).toContain('&lt;{{ subscriber.x | default: "}}" }}&gt;');
  });

  it("an mj-preview serves as preheader until one is written", async () => {
    const source = mail(text("a"), "<mj-preview>From the source</mj-preview>");
    expect((await sound(source)).preheader).toBe("From the source");
    const { html } = await sound(source, { preheader: "Written" });
    expect(html).toContain("Written");
    expect(html).not.toContain("From the source");
  });

  it("dark is only announced where there are dark colours", async () => {
    expect((await sound(mail(text("a")))).html).toContain('name="color-scheme" content="light"');
    const dark = "<mj-style>@media (prefers-color-scheme: dark) { a { color: white } }</mj-style>";
    expect((await sound(mail(text("a"), dark))).html).toContain('name="color-scheme" content="light dark"');
  });
});

describe("what MJML would drop is refused with its line", () => {
  it.each([
    [mail("Hello"), 4, "Hello"],
    [mail(`<mj-section>\n<mj-column>\nlost\n</mj-column></mj-section>`), 6, "lost"],
    [mail(`${text("a")}\n{{ subscriber.email }}`), 7, "{{ subscriber.email }}"],
    [`<mjml>\n{% assign x = 1 %}\n<mj-body>${text("{{ x }}")}</mj-body></mjml>`, 2, "{% assign x = 1 %}"],
    [mail(`<mj-include path="/etc/passwd" />`), 4, "mj-include"],
  ])("%#", async (source, line, shown) => {
    const [problem] = await problems(source);
    expect(problem).toMatchObject({ line, where: "content" });
    expect(problem?.message).toContain(shown);
  });
});

describe("broken MJML has a line", () => {
  it.each([
    [mail(`<mj-section>\n<mj-column>\n</mj-section>`), 5, "<mj-column> is not closed"],
    [mail(`${text("a")}\n</mj-wrapper>`), 7, "</mj-wrapper> closes nothing"],
    [mail(`<mj-section><mj-column>\n<mj-foo />\n</mj-column></mj-section>`), 5, "mj-foo"],
    [mail(`<mj-section><mj-column>\n<mj-text colour="red">a</mj-text>\n</mj-column></mj-section>`), 5, "colour"],
    [
      mail(
        `{% comment %}\n\n\n{% endcomment %}\n<mj-section><mj-column>\n<mj-text color="{{\n subscriber.c }}">a</mj-text>\n</mj-column></mj-section>`,
      ),
      9,
      "color",
    ],
    ["hello", 1, ""],
    ["<p>hello</p>", 1, "<mjml>"],
    ["<mjml></mjml>", 1, ""],
  ])("%#", async (source, line, shown) => {
    const [problem] = await problems(source);
    expect(problem?.line).toBe(line);
    expect(problem?.message).toContain(shown);
  });

  it("is only a warning while someone types", async () => {
    const result = await sound(
      mail(`<mj-section><mj-column>\n<mj-text colour="red">a</mj-text>\n</mj-column></mj-section>`),
      { lenient: true },
    );
    expect(result.warnings).toMatchObject([{ line: 5 }]);
  });
});

describe("broken Liquid has a line", () => {
  it.each([
    [mail(text("{{ subscriber.email")), 5],
    [mail(text("{% if subscriber.email %}")), 5],
    [mail(text("\n{{ subscribr.email }}")), 6],
    [mail(text("{{ subscriber }}")), 5],
    [mail(text("{{ workspace.password }}")), 5],
    [mail(text("{{ _open }}")), 5],
    [mail(text("{{ unsubscribe_url.x }}")), 5],
  ])("%#", async (source, line) => {
    expect((await problems(source))[0]).toMatchObject({ line, where: "content" });
  });

  it("also in subject and preheader, all told at once", async () => {
    const found = await problems(mail(text("{% nope %}")), { subject: "Hi {{ x", preheader: "{{ y }}" });
    expect(found.map((problem) => problem.where)).toEqual(["content", "subject", "preheader"]);
  });
});

describe("active content is refused with its line", () => {
  it.each([
    "<script>alert(1)</script>",
    "<SCRIPT src=//x></SCRIPT>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#115;cript:alert(1)">x</a>',
    '<a href=" \tjava\nscript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<img src="x" onerror="alert(1)">',
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<iframe src="https://x"></iframe>',
    '<form action="https://x"><input type="text"></form>',
    '<div style="background:url(javascript:x)">a</div>',
    '<div style="width:expression(alert(1))">a</div>',
    '<meta http-equiv="refresh" content="0;url=https://x">',
    '<base href="https://x">',
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    '<object data="x"></object>',
    '<a href="java{{ subscriber.none }}script:alert(1)">x</a>',
    '<a href="{% if subscriber.none %}java{% else %}x{% endif %}script:alert(1)">x</a>',
    '<a href="{% if subscriber.none %}https://a{% else %}javascript:alert(1){% endif %}">x</a>',
    '<a href="{% if subscriber.none %}javascript{% endif %}:alert(1)">x</a>',
    '<img src="da{{ subscriber.none }}ta:text/html,x">',
    '<a {% if subscriber.none %}onclick="x"{% endif %}>x</a>',
    '<a {% if subscriber.none %}x{% else %}onclick{% endif %}="x">x</a>',
    "<script{% if subscriber.none %} {% endif %}>alert(1)</script>",
    "<sc{% if subscriber.none %}x{% endif %}ript>alert(1)</script>",
    '<form{% if subscriber.none %} action="https://x"{% endif %}></form>',
    '<div style="width:expr{{ subscriber.none }}ession(alert(1))">a</div>',
    '<meta http-equiv="ref{{ subscriber.none }}resh" content="0;url=https://x">',
  ])("%s", async (html) => {
    const [problem] = await problems(
      mail(`<mj-section><mj-column>\n<mj-text>${html}</mj-text>\n</mj-column></mj-section>`),
    );
    expect(problem?.code).toBe("active_content");
    expect(problem?.line).toBe(5);
  });

  it.each([
    '<a href="{{ subscriber.portal }}file.pdf">x</a>',
    '<a href="https://example.com:8080/{{ subscriber.none }}data:1">x</a>',
    '<a href="{% if subscriber.vip %}https://a.example/{{ subscriber.id }}{% else %}mailto:b@example.com{% endif %}">x</a>',
    '<a{% if subscriber.vip %} class="vip"{% endif %} href="{{ unsubscribe_url }}">x</a>',
    '<td {% if subscriber.vip %}style="color:red"{% endif %}>x</td>',
    '<a href="tel:{{ subscriber.phone }}">x</a>',
    '<a href="#{{ subscriber.none }}">x</a>',
  ])("%s is fine", async (html) => {
    expect(await problems(mail(`<mj-section><mj-column><mj-text>${html}</mj-text></mj-column></mj-section>`))).toEqual(
      [],
    );
  });

  it("in attributes of MJML too", async () => {
    expect(
      (
        await problems(
          mail(`<mj-section><mj-column>\n<mj-button href="javascript:x">a</mj-button></mj-column></mj-section>`),
        )
      )[0],
    ).toMatchObject({ code: "active_content", line: 5 });
  });

  it("MJML's own accordion and carousel are not", async () => {
    const accordion = `<mj-section><mj-column><mj-accordion><mj-accordion-element><mj-accordion-title>t</mj-accordion-title><mj-accordion-text>x</mj-accordion-text></mj-accordion-element></mj-accordion></mj-column></mj-section>`;
    expect(await problems(mail(accordion))).toEqual([]);
  });
});

describe("places where no value is safe are refused", () => {
  it.each([
    "<a href={{ subscriber.url }}>x</a>",
    "<p {{ subscriber.x }}>x</p>",
    "<{{ subscriber.x }}>x",
    "<p {{ subscriber.x }}='1'>x</p>",
    '<a href="{% if subscriber.x %}https://a"{% else %}https://b"{% endif %}>x</a>',
    '{% if subscriber.x %}<p title="{% endif %}">x</p>',
  ])("%s", async (html) => {
    expect((await problems(mail(text(html))))[0]).toMatchObject({ where: "content", line: 5 });
  });
});

describe("hostile input", () => {
  it("a source of 1 MB is refused with the limit", async () => {
    expect((await problems("x".repeat(1024 * 1024)))[0]?.message).toContain("512 KB");
    expect((await problems("ü".repeat(400 * 1024)))[0]?.code).toBe("too_large");
  });

  it.each(["\u0000", "\u0008", "\ud800", "\udc00"])("%j is refused with its place", async (character) => {
    expect((await problems(mail(text(`a${character}`))))[0]).toMatchObject({
      code: "bad_character",
      line: 5,
      column: 11,
    });
  });

  it.each(["a\nb", "a\rb", "a\u0000", "a\u2028b"])("a subject %j is refused", async (subject) => {
    expect((await problems(mail(text("a")), { subject }))[0]).toMatchObject({
      code: "bad_character",
      where: "subject",
    });
  });

  it("deep nesting is refused quickly", async () => {
    const started = performance.now();
    expect((await problems(mail(text("<div>".repeat(40_000)))))[0]?.code).toMatch(/^too_/);
    expect((await problems(mail("<mj-wrapper>".repeat(2_000))))[0]).toBeDefined();
    expect((await problems(mail(text("{% if subscriber.a %}".repeat(15_000)))))[0]?.code).toMatch(/liquid/);
    expect(performance.now() - started).toBeLessThan(6_000);
  });

  it("thousands of elements are refused", async () => {
    expect((await problems(mail(text("a").repeat(2000))))[0]?.message).toContain("at most");
  });

  it.each([
    ["spaces", text(`a${" ".repeat(400_000)}b`)],
    ["hard spaces", text(`a${"\u00a0".repeat(200_000)}b`)],
    ["open comments", text("<!--".repeat(120_000))],
    ["open comments between elements", "<!--".repeat(120_000)],
    ["comments", "<!-- a -->".repeat(45_000)],
    ["lines", "\n".repeat(400_000)],
    ["open titles", text("<title>".repeat(2_000))],
    ["words between elements", "<x>a".repeat(50_000)],
    ["merge fields", text("{{ subscriber.a }}".repeat(25_000))],
    ["one long chain", text(`{{ subscriber.a ${"| append: subscriber.b ".repeat(20_000)} }}`)],
    ["misspelt fields", text("{{ a }}".repeat(1_900) + "\n".repeat(20_000))],
    ["unsafe places", text("<p {{ subscriber.a }}>".repeat(1_000))],
    ["links", text(Array.from({ length: 2_500 }, (_, index) => `<a href="https://a.example/${index}">x</a>`).join(""))],
    ["attributes", text("a").repeat(300)],
    ["ampersands", text("&".repeat(400_000))],
    ["angle brackets", text("<".repeat(400_000))],
    ["quotes", text(`<a ${'"'.repeat(400_000)}>`)],
  ])("a flood of %s is answered soon", async (_name, body) => {
    const started = performance.now();
    await compile(mail(body, `<mj-attributes><mj-all font-family="${"x".repeat(90_000)}" /></mj-attributes>`));
    await compile(mail(body));
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("attributes of the head cannot blow up the mail", async () => {
    const head = `<mj-attributes><mj-all font-family="${"x".repeat(300_000)}" /></mj-attributes>`;
    expect((await problems(mail(text("a").repeat(200), head)))[0]?.code).toBe("too_large");
  });

  it("kinds to come are refused by name", async () => {
    const result = await compileContent({ source: { kind: "html", v: 1, source: "{}" }, subject: "", preheader: "" });
    expect(result).toMatchObject({ ok: false, problems: [{ code: "unsupported_kind" }] });
  });

  it("an empty source is refused", async () => {
    expect((await problems("  \n"))[0]?.code).toBe("empty");
  });
});

describe("links", () => {
  it("trackable ones are listed once, in order, with entities decoded", async () => {
    const body = `<a href="https://b.example/?x=1&amp;y=2">1</a> <a href="https://a.example/">2</a> <a href='https://b.example/?x=1&amp;y=2'>3</a>
      <a href="mailto:x@example.com">4</a> <a href="{{ unsubscribe_url }}">5</a> <a href="https://c.example/{{ campaign.name | url_encode }}">6</a>
      <a href="https://d.example/?e={{ subscriber.email }}">7</a> <a href="#">8</a> <a href="http://e.example">9</a> <a href="www.example.com">10</a>`;
    const result = await sound(mail(text(body)));
    expect(result.links).toEqual([
      "https://b.example/?x=1&y=2",
      "https://a.example/",
      "https://c.example/{{ campaign.name | url_encode }}",
      "http://e.example",
    ]);
    expect(result.personalLinks).toEqual(["https://d.example/?e={{ subscriber.email }}"]);
    expect(result.warnings.map((warning) => warning.code)).toEqual(["empty_link", "insecure_link", "broken_link"]);
    for (const slot of result.htmlLinkSlots) {
      expect(result.html.slice(slot.begin, slot.end).replaceAll("&amp;", "&")).toBe(result.links[slot.link]);
    }
    for (const slot of result.textLinkSlots)
      expect(result.text.slice(slot.begin, slot.end)).toBe(result.links[slot.link]);
    expect(result.htmlLinkSlots).toHaveLength(5);
  });
});

describe("what a launch needs", () => {
  const unsubscribe = '<a href="{{ unsubscribe_url }}">Unsubscribe</a>';
  const address = "{{ workspace.postal_address }}";
  it.each([
    [`${unsubscribe} ${address}`, true, true],
    ["nothing", false, false],
    ["{{ unsubscribe_url }}", false, false],
    [`{% if subscriber.a %}${unsubscribe}${address}{% endif %}`, false, false],
    [`{% if subscriber.a %}${unsubscribe}{% else %}<b>${unsubscribe}</b>{% endif %}`, true, false],
    [`<!--[if mso]>${unsubscribe}${address}<![endif]-->`, false, false],
    [`{% comment %}${unsubscribe}${address}{% endcomment %}`, false, false],
    [`<img alt="${address}" src="https://a.example/x.png">`, false, false],
    [`<a href="{{unsubscribe_url}}">x</a>{{workspace.postal_address | newline_to_br}}`, true, true],
  ])("%s", async (content, hasUnsubscribeLink, hasPostalAddress) => {
    expect(await sound(mail(text(content)))).toMatchObject({ hasUnsubscribeLink, hasPostalAddress });
  });
});

it("fields are listed with whether they have a fallback", async () => {
  const content =
    '{{ subscriber.first_name | default: "x" }} {{ subscriber.city }} {% if subscriber.vip %}{{ subscriber["odd key"] }}{% endif %}';
  const result = await sound(mail(text(content)), { subject: "Hi {{ subscriber.first_name }}" });
  expect(result.fields).toEqual([
    { key: "first_name", hasFallback: false },
    { key: "city", hasFallback: false },
    { key: "vip", hasFallback: true },
    { key: "odd key", hasFallback: false },
  ]);
});

it("the plain text reads like a letter", async () => {
  const { text: plain } = await sound(
    mail(
      text(`<h1>Title</h1><p>Hello {{ subscriber.first_name }},</p><ul><li>one</li><li>two</li></ul><p>Bye</p>`) +
        text(`<a href="https://a.example/"><img src="https://a.example/i.png" alt="Picture"></a>`),
    ),
    { preheader: "not in the text" },
  );
  expect(plain).toBe(
    "Title\n\nHello {{ subscriber.first_name }},\n\n * one\n * two\n\nBye\n\nPicture <https://a.example/>",
  );
});

it("a heavy mail is warned about", async () => {
  const result = await sound(mail(text("word ".repeat(25_000))));
  expect(result.warnings[0]?.code).toBe("clipped");
});

it("a picture without alt is warned about with its line", async () => {
  const result = await sound(
    mail(`<mj-section><mj-column>\n<mj-image src="https://a.example/x.png" />\n</mj-column></mj-section>`),
  );
  expect(result.warnings).toMatchObject([{ code: "missing_alt", line: 5 }]);
});

it("the same input gives the same bytes", async () => {
  const source = mail(text("{{ subscriber.email }}"));
  expect(await compile(source)).toEqual(await compile(source));
});
