import {
  bold,
  br,
  button,
  column,
  columns,
  divider,
  heading,
  kicker,
  link,
  mail,
  name,
  pad,
  type StarterDesign,
  section,
  text,
} from "./kit.ts";

const site = "https://example.com";

const row = (left: string, more: string | null, right: string, isTotal = false) =>
  columns(
    { ratio: [3, 1], onPhone: "keep", padding: pad(0, 24) },
    column([
      text(more ? [[bold(left), br, more]] : [[isTotal ? bold(left) : { type: "text", text: left }]], {
        padding: pad(0, 8, 14),
      }),
    ]),
    column([
      text([[isTotal ? bold(right) : { type: "text", text: right }]], { align: "right", padding: pad(0, 8, 14) }),
    ]),
  );
const line = section({ padding: pad(2, 0, 0) }, divider({ padding: pad(0, 32, 16) }));

const receipt: StarterDesign = {
  key: "receipt",
  category: "transactional",
  subject: "Your receipt for order 2047",
  preheader: "Thank you. Paid by card on 14 March, €74.30 in all. Keep this for your records.",
  doc: mail(
    {
      pageBackground: "#edeff1",
      text: "#3d444b",
      heading: "#14191e",
      link: "#0f5fa8",
      button: { background: "#14191e", text: "#ffffff", radius: 6 },
    },
    "You get this because you ordered something from us.",
    [
      columns(
        { onPhone: "keep", ratio: [3, 2], padding: pad(32, 24, 12) },
        column([text([[bold("Stationers & Sons")]], { padding: pad(0, 8) })]),
        column([text(["14 March 2026"], { align: "right", padding: pad(0, 8) })]),
      ),
      section(
        { padding: pad(16, 0, 12) },
        heading(1, "€74.30", { size: 52, padding: pad(0, 32, 4) }),
        text([["Paid by card ending in 4242. Thank you, ", name, "."]], { padding: pad(0, 32, 20) }),
      ),
      line,
      row("Notebook, ruled", "3 × €14.90", "€44.70"),
      row("Fountain pen ink, blue", "1 × €9.80", "€9.80"),
      row("Blotting paper", "2 × €7.45", "€14.90"),
      line,
      row("Delivery", null, "€4.90"),
      row("VAT included (19 %)", null, "€11.86"),
      line,
      row("Total", null, "€74.30", true),
      section({ padding: pad(12, 0, 8) }, button("See your order", `${site}/orders/2047`, { padding: pad(4, 32, 28) })),
      columns(
        { padding: pad(24, 24, 8), background: "#14191e" },
        column([
          text([[bold("Delivered to")], ["The address in your account", br, "Standard delivery, 2 to 3 days"]], {
            colour: "#ffffff",
            size: 15,
            padding: pad(0, 8, 16),
          }),
        ]),
        column([
          text(
            [
              [bold("Something wrong?")],
              ["Write to ", link("help@example.com", "mailto:help@example.com"), " within 30 days."],
            ],
            {
              colour: "#ffffff",
              size: 15,
              padding: pad(0, 8, 16),
            },
          ),
        ]),
      ),
    ],
  ),
};

const stage = (label: string, isDone: boolean) =>
  column(
    [
      { type: "spacer", height: 8, background: isDone ? "#0a7a4b" : "#c9d6cf" },
      text([[isDone ? bold(label) : { type: "text", text: label }]], {
        size: 14,
        align: "center",
        padding: pad(10, 2, 0),
      }),
    ],
    { padding: pad(0, 3) },
  );

const shipping: StarterDesign = {
  key: "shipping",
  category: "transactional",
  subject: "Your parcel is on its way",
  preheader: "It left our house this morning and should be with you on Thursday.",
  doc: mail(
    {
      headingFont: "humanist",
      pageBackground: "#e3eee8",
      text: "#3a4a42",
      heading: "#0d2a1d",
      link: "#0a6b42",
      button: { background: "#0a6b42", text: "#ffffff", radius: 6 },
    },
    "You get this because you ordered something from us.",
    [
      section(
        { padding: pad(44, 0, 8) },
        kicker("Order 2047", { colour: "#0a6b42" }),
        heading(1, "It is on its way", { size: 38, padding: pad(0, 32, 12) }),
        text([["Good news, ", name, ": your parcel left our house this morning."]], {
          size: 18,
          padding: pad(0, 32, 20),
        }),
      ),
      columns(
        { onPhone: "keep", padding: pad(0, 29, 32) },
        stage("Ordered", true),
        stage("Packed", true),
        stage("On its way", true),
        stage("Delivered", false),
      ),
      columns(
        { padding: pad(28, 24, 12), background: "#0d2a1d" },
        column([
          kicker("Arrives", { colour: "#9fe0bf", padding: pad(0, 8, 4) }),
          heading(2, "Thursday, 19 March", { size: 22, colour: "#ffffff", padding: pad(0, 8, 4) }),
          text(["Between 10:00 and 14:00"], { colour: "#ffffff", padding: pad(0, 8, 16) }),
        ]),
        column([
          kicker("Tracking number", { colour: "#9fe0bf", padding: pad(0, 8, 4) }),
          heading(2, "EX 4471 0925", { size: 22, colour: "#ffffff", padding: pad(0, 8, 4) }),
          text(["With Example Parcel"], { colour: "#ffffff", padding: pad(0, 8, 16) }),
        ]),
      ),
      section(
        { padding: pad(32, 0, 8) },
        button("Track the parcel", `${site}/track`, { padding: pad(0, 32, 28) }),
        heading(2, "In the parcel", { size: 20, padding: pad(0, 32, 12) }),
      ),
      row("Notebook, ruled", null, "3"),
      row("Fountain pen ink, blue", null, "1"),
      row("Blotting paper", null, "2"),
      section(
        { padding: pad(4, 0, 28) },
        divider(),
        text([
          ["Not at home on Thursday? ", link("Choose another day", `${site}/redirect`), " until Wednesday, 20:00."],
        ]),
      ),
    ],
  ),
};

export const transactionalStarters: readonly StarterDesign[] = [receipt, shipping];
