/*
 * The arrows of docs/architecture.md. Type imports count: a type is knowledge of another room, too.
 * Tests may reach anything: they stand outside the house.
 */
const test = "\\.test\\.tsx?$";
const capabilities = [
  "auth",
  "audience",
  "content",
  "media",
  "senders",
  "delivery",
  "campaigns",
  "transactional",
  "automation",
  "signup",
  "feedback",
  "tracking",
  "reports",
  "webhooks",
  "inbox",
  "instance",
  "sample",
];

// What each capability may use besides the floor (the files directly in lib/), the schema, and auth, which says who is
// asking.
const sendingSide = ["audience", "content", "senders", "delivery"];
const allowed = {
  // Whoever sends asks first whether this is a copy that nobody has confirmed.
  campaigns: [...sendingSide, "instance"],
  automation: sendingSide,
  transactional: sendingSide,
  signup: sendingSide,
  delivery: ["content", "senders", "tracking", "audience", "instance"],
  feedback: ["delivery", "audience"],
  tracking: ["audience"],
  // The inbox knows the login that the default sender uses with it.
  inbox: ["senders"],
  // The rollups that live progress and reports both read; what of a sender's limits is used.
  reports: ["delivery", "senders"],
  // The sample workspace is made through the front doors of the others.
  sample: capabilities,
};

const arrows = capabilities
  .filter((name) => name !== "sample")
  .map((name) => ({
    name: `lib-${name}`,
    comment: `lib/${name} may use the floor, ${["auth", ...(allowed[name] ?? [])].join(", ")} and nothing else of lib.`,
    severity: "error",
    from: { path: `^lib/${name}/`, pathNot: test },
    to: { path: "^lib/[^/]+/", pathNot: `^lib/(${[name, "auth", ...(allowed[name] ?? [])].join("|")})/` },
  }));

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      comment: "Two files that need each other are one file, or the wrong two.",
      severity: "error",
      from: { pathNot: "^(node_modules|tests)/" },
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere escapes every other rule.",
      severity: "error",
      from: { pathNot: "^(node_modules|\\.next)" },
      to: { couldNotResolve: true, pathNot: "^(\\.next|\\./\\.next)" },
    },
    {
      name: "lib-is-framework-free",
      comment: "lib decides: no framework, nobody's room but its own.",
      severity: "error",
      from: { path: "^(lib|workers|drizzle)/", pathNot: test },
      to: { path: "(^|node_modules/)(next|react|react-dom|next-intl|server-only|client-only)(/|$)" },
    },
    {
      name: "lib-looks-down-only",
      severity: "error",
      from: { path: "^lib/", pathNot: test },
      to: { path: "^(app|workers|components|tests|scripts)/" },
    },
    {
      name: "floor-knows-no-capability",
      comment: "The files directly in lib/ are used by every capability and know none.",
      severity: "error",
      from: { path: "^lib/[^/]+\\.ts$", pathNot: test },
      to: { path: "^lib/[^/]+/" },
    },
    {
      name: "known-capability",
      comment: "A new folder in lib needs its arrows in this file.",
      severity: "error",
      from: {},
      to: { path: "^lib/[^/]+/", pathNot: `^lib/(${capabilities.join("|")})/` },
    },
    ...arrows,
    {
      name: "schema-stands-alone",
      comment: "drizzle remembers: tables know nothing above them.",
      severity: "error",
      from: { path: "^drizzle/schema/" },
      to: { path: "^(app|components|workers|tests|scripts|lib)/" },
    },
    {
      name: "app-not-workers",
      comment: "Web and worker are different processes; they meet in lib.",
      severity: "error",
      from: { path: "^(app|components)/|^proxy\\.ts$", pathNot: test },
      to: { path: "^(workers|tests|scripts)/" },
    },
    {
      name: "workers-not-app",
      severity: "error",
      from: { path: "^workers/", pathNot: test },
      to: { path: "^(app|components|tests|scripts)/" },
    },
    {
      name: "components-draw",
      comment: "Plain data in: no page, no tables. Types and pure functions of lib are plain data's own words.",
      severity: "error",
      from: { path: "^components/", pathNot: test },
      to: { path: "^(app|workers|drizzle|tests|scripts)/|^lib/(db|queue|config|secrets)\\.ts$" },
    },
    {
      name: "primitives-know-no-product",
      severity: "error",
      from: { path: "^components/ui/", pathNot: test },
      to: { path: "^(lib|components/(?!ui/))" },
    },
    {
      name: "no-tests-in-the-product",
      severity: "error",
      from: { path: "^(app|components|lib|workers|drizzle)/", pathNot: test },
      to: { path: `${test}|^tests/` },
    },
    {
      name: "no-dev-dependencies-in-the-product",
      severity: "error",
      from: { path: "^(app|components|lib|workers|drizzle)/", pathNot: test },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only", "npm"], pathNot: "node_modules/@types/" },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|data/|next-env\\.d\\.ts)" },
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types", "require"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".css", ".d.mts"],
    },
  },
};
