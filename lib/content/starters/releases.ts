import {
  bold,
  button,
  column,
  columns,
  divider,
  heading,
  kicker,
  link,
  list,
  mail,
  name,
  pad,
  quote,
  type StarterDesign,
  section,
  text,
} from "./kit.ts";

const site = "https://example.com";

const tag = (word: string, ground: string, title: string, words: string) =>
  columns(
    { ratio: [1, 4], padding: pad(0, 24, 0) },
    column([
      text([[bold(word)]], {
        size: 14,
        colour: ground,
        padding: pad(4, 8, 4),
      }),
    ]),
    column([heading(2, title, { size: 19, padding: pad(0, 8, 4) }), text([words], { padding: pad(0, 8, 24) })]),
  );

const productUpdate: StarterDesign = {
  key: "product_update",
  category: "promotion",
  subject: "What is new in March: shared views, faster search",
  preheader: "Two new things, three better ones, and a bug that will not be missed.",
  doc: mail(
    {
      pageBackground: "#e6f1f1",
      text: "#37484a",
      heading: "#0c2b2e",
      link: "#0b6b73",
      button: { background: "#0b6b73", text: "#ffffff", radius: 8 },
    },
    "You get product news because you have an account with us.",
    [
      section(
        { padding: pad(0, 0, 4) },
        divider({ colour: "#0b6b73", thickness: 8, width: 100, padding: pad(0, 0, 28) }),
        kicker("Release notes · March", { colour: "#0b6b73" }),
        heading(1, "Share a view, find it faster", { size: 34, padding: pad(0, 32, 14) }),
        text([
          [
            "Hi ",
            name,
            ", this month’s release is about working together. Everything below is live in your account already; there is nothing to install.",
          ],
        ]),
        divider({ padding: pad(4, 32, 24) }),
      ),
      tag(
        "New",
        "#0b6b73",
        "Shared views",
        "Filter, sort, group, then send the link. Your colleagues see what you see, with their own rights.",
      ),
      tag(
        "New",
        "#0b6b73",
        "Notes on every record",
        "Leave a line for whoever opens it next. Mentions arrive by mail.",
      ),
      tag(
        "Better",
        "#9a5b00",
        "Search in half the time",
        "Results appear while you type, also in workspaces with a million rows.",
      ),
      tag(
        "Better",
        "#9a5b00",
        "Exports keep their columns",
        "A file has the order and the names that you see on the screen.",
      ),
      tag(
        "Fixed",
        "#6d3fb0",
        "Dates across time zones",
        "Deadlines no longer move by a day for people who travel east.",
      ),
      section(
        { padding: pad(4, 0, 32) },
        button("Open the app", `${site}/app`, { padding: pad(4, 32, 16) }),
        text([["The whole list, with pictures, is in the ", link("release notes", `${site}/releases`), "."]]),
      ),
    ],
  ),
};

const featureLaunch: StarterDesign = {
  key: "feature_launch",
  category: "promotion",
  subject: "Meet Autopilot: your reports write themselves",
  preheader: "Set it up once, read the summary every Monday. Ready in your account today.",
  doc: mail(
    {
      headingWeight: 800,
      pageBackground: "#eceee6",
      background: "#ffffff",
      text: "#3d4139",
      heading: "#11140d",
      link: "#3f6b00",
      button: { background: "#c6f24e", text: "#11140d", radius: 30 },
    },
    "You get this because you have an account with us.",
    [
      section(
        { padding: pad(52, 8, 52), background: "#11140d" },
        kicker("Now in every plan", { colour: "#c6f24e" }),
        heading(1, "Your reports now write themselves.", { size: 48, colour: "#ffffff", padding: pad(0, 32, 18) }),
        text(
          ["Autopilot reads the numbers on Sunday night and puts what matters into five sentences on Monday morning."],
          {
            colour: "#d9dccf",
            size: 18,
            padding: pad(0, 32, 30),
          },
        ),
        button("Turn on Autopilot", `${site}/autopilot`, { padding: pad(0, 32) }),
      ),
      section({ padding: pad(36, 0, 0) }, heading(2, "Three things it does", { size: 26 })),
      columns(
        { padding: pad(0, 20, 12) },
        column([
          heading(3, "Finds the change", { padding: pad(0, 12, 6) }),
          text(["What went up, what went down, and since when."], { padding: pad(0, 12, 20) }),
        ]),
        column([
          heading(3, "Says why", { padding: pad(0, 12, 6) }),
          text(["The campaign, page or region that made the difference."], { padding: pad(0, 12, 20) }),
        ]),
        column([
          heading(3, "Stays short", { padding: pad(0, 12, 6) }),
          text(["Five sentences. The charts are one tap away."], { padding: pad(0, 12, 20) }),
        ]),
      ),
      section(
        { padding: pad(28, 0, 12), background: "#c6f24e" },
        quote("I used to spend my Monday morning on this. Now I spend it on coffee.", "From the early access group", {
          colour: "#11140d",
          textColour: "#11140d",
          padding: pad(4, 40, 20),
        }),
      ),
      section(
        { padding: pad(32, 0, 28) },
        heading(2, "Start in two minutes", { size: 26 }),
        list("number", ["Open Settings, then Autopilot.", "Choose up to three reports.", "Say who gets the summary."], {
          markerColour: "#3f6b00",
        }),
        text([["Questions? The ", link("short guide", `${site}/guide`), " answers most of them."]]),
      ),
    ],
  ),
};

export const releaseStarters: readonly StarterDesign[] = [productUpdate, featureLaunch];
