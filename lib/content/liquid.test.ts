import { describe, expect, it } from "vitest";
import { parseTemplate, renderTemplate } from "./liquid.ts";
import { ContentError } from "./revision.ts";
import { readTree } from "./template-tree.ts";

function problemOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof ContentError) return error.problems[0];
    throw error;
  }
  return undefined;
}
const render = (template: string, scope: Record<string, unknown> = {}) =>
  renderTemplate(parseTemplate(template), scope);

describe("templates cannot reach the host", () => {
  it.each(["include", "render", "layout", "block", "raw", "liquid", "echo", "tablerow"])(
    "the tag %s does not exist",
    (tag) => {
      const problem = problemOf(() => parseTemplate(`a\n  {% ${tag} "package.json" %}`));
      expect(problem).toMatchObject({ line: 2, column: 3 });
      expect(problem?.message).toContain(tag);
    },
  );

  it("the filter raw does not exist", () => {
    expect(problemOf(() => parseTemplate("{{ a | raw }}"))?.message).toContain("always escaped");
  });

  it.each([
    "{{ subscriber.constructor }}",
    "{{ subscriber.__proto__ }}",
    "{{ subscriber.constructor.prototype }}",
    "{{ subscriber.email.constructor.name }}",
    "{{ subscriber['__proto__']['polluted'] }}",
    "{{ subscriber.toString }}",
    "{{ subscriber.email.length.constructor }}",
  ])("%s prints nothing", (template) => {
    expect(render(template, { subscriber: { email: "a@example.com" } })).toBe("");
  });
});

describe("templates are limited", () => {
  it.each([
    "{% for i in (1..100000000) %}x{% endfor %}",
    "{% for i in (1..9000) %}{% for j in (1..9000) %}{% for k in (1..9000) %}x{% endfor %}{% endfor %}{% endfor %}",
    `{% assign a = "xxxxxxxxxxxxxxxx" %}${"{% assign a = a | append: a %}".repeat(40)}{{ a }}`,
    `{% assign a = "x,x,x,x,x,x,x,x" %}${'{% assign a = a | replace: "x", a %}'.repeat(10)}{{ a }}`,
    `{% assign a = "x" %}${"{% assign a = a | prepend: a %}".repeat(60)}`,
    "{% assign a = 'a,b' | split: ',' %}{% for i in (1..100000) %}{% assign a = a | concat: a %}{% endfor %}",
  ])("case %# is stopped", (template) => {
    const started = performance.now();
    expect(problemOf(() => render(template))?.code).toBe("liquid_limit");
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it("conditions nested a thousand deep are refused", () => {
    const deep = "{% if a %}".repeat(1000) + "{% endif %}".repeat(1000);
    expect(problemOf(() => readTree(deep))).toBeDefined();
  });

  it("conditions nested a hundred thousand deep are refused", () => {
    const deep = "{% if a %}".repeat(100_000);
    expect(problemOf(() => readTree(deep))).toBeDefined();
  });
});

describe("errors say where", () => {
  it.each([
    ["x\n\n  {{ subscriber.email", 3, 3],
    ["x\n{% if a %}\ny", 2, 1],
    ["{{ a | nope }}", 1, 1],
    ["\n{{ }}", 2, 4],
    ["\n\n{{ first name }}", 3, 1],
    ["\n{% endif %}", 2, 1],
  ])("%j", (template, line, column) => {
    expect(problemOf(() => readTree(template))).toMatchObject({ line, column });
  });
});

describe("values", () => {
  it("empty text counts as missing, in default and in if", () => {
    expect(render('{{ n | default: "there" }}{% if n %}yes{% else %}no{% endif %}', { n: "" })).toBe("thereno");
    expect(render('{{ n | default: "there" }}', { n: "   " })).toBe("there");
    expect(render('{{ n | default: "there" }}', { n: 0 })).toBe("0");
  });

  it("now is what the data says", () => {
    expect(render('{{ "now" | date: "%Y" }}', { _now: "2031-05-06T00:00:00Z" })).toBe("2031");
  });
});
