import {
  bold,
  br,
  button,
  column,
  columns,
  divider,
  firstName,
  heading,
  kicker,
  link,
  list,
  mail,
  name,
  pad,
  type StarterDesign,
  section,
  text,
} from "./kit.ts";

const site = "https://example.com";

const letter: StarterDesign = {
  key: "letter",
  category: "relationship",
  subject: "A short note about the months ahead",
  preheader: "What we finished, what we put off, and one thing to ask of you.",
  doc: mail(
    {
      font: "serif",
      headingFont: "serif",
      textSize: 18,
      width: 560,
      pageBackground: "#ffffff",
      background: "#ffffff",
      text: "#2b2b2b",
      heading: "#111111",
      link: "#1a4f8b",
      button: { background: "#1a4f8b", text: "#ffffff", radius: 4 },
    },
    "You get this letter because you subscribed to it. Answers go to a person.",
    [
      section(
        { padding: pad(40, 0, 12) },
        text([
          ["Hello ", name, ","],
          "a short note instead of a long newsletter.",
          [
            "This spring we finished the two things that you asked for most. Orders can be changed until they leave the house, and invoices are where you look for them. Both took longer than we had said; ",
            link("this is why", `${site}/why`),
            ".",
          ],
          "We also put something off. The app will not come this year. We would rather make the website so good on a phone that nobody misses it.",
          [
            "One thing to ask of you: what is the smallest thing that annoys you about us? Answer this mail with one sentence. Every answer is read, and the five that we hear most will be gone by ",
            bold("September"),
            ".",
          ],
          ["With thanks,", br, "everybody at the workshop"],
        ]),
      ),
    ],
  ),
};

const step = (number: string, title: string, words: string, label: string, href: string) =>
  columns(
    { ratio: [1, 5], onPhone: "keep", padding: pad(0, 24, 0) },
    column([heading(2, number, { size: 40, colour: "#c2412d", padding: pad(0, 0, 0, 8) })]),
    column([
      heading(3, title, { padding: pad(6, 8, 4) }),
      text([words, [link(label, href)]], { padding: pad(0, 8, 26) }),
    ]),
  );

const welcome: StarterDesign = {
  key: "welcome",
  category: "relationship",
  subject: "Welcome! Three small steps to begin with",
  preheader: "It takes about ten minutes, and you can stop after every one of them.",
  doc: mail(
    {
      headingFont: "oldstyle",
      pageBackground: "#fbe9e0",
      text: "#4b3d38",
      heading: "#2d1b16",
      link: "#b03a27",
      button: { background: "#2d1b16", text: "#ffffff", radius: 30 },
    },
    "You get this because you opened an account with us.",
    [
      section(
        { padding: pad(56, 0, 48), background: "#ffb59e" },
        heading(1, ["Welcome, ", firstName("friend"), "."], {
          size: 52,
          colour: "#2d1b16",
          padding: pad(0, 32, 12),
        }),
        text(["Good that you are here. Let’s get you settled in."], {
          size: 20,
          colour: "#2d1b16",
          padding: pad(0, 32, 26),
        }),
        button("Begin", `${site}/start`, { padding: pad(0, 32) }),
      ),
      section({ padding: pad(40, 0, 8) }, heading(2, "Three small steps", { size: 28 })),
      step(
        "1",
        "Make it yours",
        "A name, a picture, your time zone. Then dates make sense.",
        "Open your profile",
        `${site}/profile`,
      ),
      step(
        "2",
        "Bring your things",
        "Drop a file from anywhere. We tell you what fits before anything is saved.",
        "Import a file",
        `${site}/import`,
      ),
      step(
        "3",
        "Ask somebody in",
        "It is more useful for two. You choose what they may see.",
        "Invite a colleague",
        `${site}/invite`,
      ),
      section(
        { padding: pad(4, 0, 32) },
        divider({ padding: pad(0, 32, 24) }),
        text([
          [
            "Stuck, or just curious? Answer this mail. It goes to people who know the product, Monday to Friday, and you hear back within a day.",
          ],
        ]),
      ),
    ],
  ),
};

const score = (value: string, colour: string, textColour: string) =>
  column([
    button(value, `${site}/survey?score=${value}`, {
      colour,
      textColour,
      align: "center",
      fullWidth: true,
      padding: pad(0, 4, 8),
    }),
  ]);

const survey: StarterDesign = {
  key: "survey",
  category: "relationship",
  subject: "One question: how did we do?",
  preheader: "One tap answers it. If you have a minute more, there is room for words.",
  doc: mail(
    {
      headingFont: "humanist",
      font: "humanist",
      textSize: 15,
      pageBackground: "#efeaf6",
      text: "#46405a",
      heading: "#2a1f47",
      link: "#6a3fb5",
      button: { background: "#6a3fb5", text: "#ffffff", radius: 8 },
    },
    "You get this once, after an order. There is no reminder.",
    [
      section(
        { padding: pad(48, 0, 12) },
        kicker("Your last order", { align: "center", colour: "#6a3fb5" }),
        heading(1, "How did we do?", { size: 38, align: "center", padding: pad(0, 32, 14) }),
        text([["Hello ", name, ", would you order from us again?"]], { align: "center", padding: pad(0, 32, 26) }),
      ),
      columns(
        { onPhone: "keep", padding: pad(0, 28, 0) },
        score("1", "#e7dcf7", "#2a1f47"),
        score("2", "#cdb6ee", "#2a1f47"),
        score("3", "#7c52c4", "#ffffff"),
        score("4", "#6a3fb5", "#ffffff"),
      ),
      columns(
        { onPhone: "keep", padding: pad(0, 32, 36) },
        column([text(["1 · Rather not"], { size: 14, padding: pad(0) })]),
        column([text(["4 · Any time"], { size: 14, align: "right", padding: pad(0) })]),
      ),
      section(
        { padding: pad(32, 0, 16), background: "#2a1f47" },
        heading(2, "What your answers changed", { size: 22, colour: "#ffffff" }),
        list(
          "arrow",
          [
            "Parcels without plastic, since January",
            "A delivery window of two hours, not a day",
            "Refunds in three days instead of ten",
          ],
          { textColour: "#ffffff", markerColour: "#cdb6ee" },
        ),
      ),
      section(
        { padding: pad(28, 0, 24) },
        text(
          [["Would you like to say more? ", link("Write us a few words", `${site}/survey`), ". A person reads them."]],
          {
            align: "center",
          },
        ),
      ),
    ],
  ),
};

const reengagement: StarterDesign = {
  key: "reengagement",
  category: "relationship",
  subject: "Shall we keep writing to you?",
  preheader: "It has been quiet between us. One tap says whether you still want these mails.",
  doc: mail(
    {
      headingFont: "serif",
      headingWeight: 400,
      pageBackground: "#dfe7ec",
      background: "#ffffff",
      text: "#40505a",
      heading: "#16303f",
      link: "#1f6484",
      button: { background: "#1f6484", text: "#ffffff", radius: 4 },
    },
    "You get this because you subscribed and have not opened a mail for a while.",
    [
      section(
        { padding: pad(56, 16, 44), border: { colour: "#16303f", thickness: 1 } },
        heading(1, "It’s been quiet lately", { size: 38, align: "center", padding: pad(0, 24, 18) }),
        text(
          [
            ["Hello ", name, ","],
            "you have not opened our mails for half a year. That is fine: inboxes are full and interests change. We only want to write to people who like to read it.",
          ],
          { align: "center", padding: pad(0, 32, 30) },
        ),
        button("Yes, keep me on the list", `${site}/stay`, { align: "center", padding: pad(0, 32, 14) }),
        button("Once a month is enough", `${site}/monthly`, {
          align: "center",
          colour: "#dfe7ec",
          textColour: "#16303f",
          padding: pad(0, 32, 28),
        }),
        divider({ width: 20, padding: pad(0, 32, 24) }),
        text(
          ["If we hear nothing by the end of the month, this was the last mail. You can come back whenever you like."],
          {
            align: "center",
            size: 15,
            padding: pad(0, 32),
          },
        ),
      ),
    ],
  ),
};

export const relationshipStarters: readonly StarterDesign[] = [welcome, letter, survey, reengagement];
