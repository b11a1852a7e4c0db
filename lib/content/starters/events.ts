import {
  bold,
  br,
  button,
  column,
  columns,
  divider,
  heading,
  italic,
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
const gold = "#e9c984";

const fact = (label: string, value: string, more: string) =>
  column([
    text([[bold(label)]], { colour: gold, size: 14, align: "center", padding: pad(0, 8, 4) }),
    heading(2, value, { size: 22, align: "center", colour: "#ffffff", padding: pad(0, 8, 2) }),
    text([more], { colour: "#d5d9e8", size: 15, align: "center", padding: pad(0, 8, 20) }),
  ]);

const event: StarterDesign = {
  key: "event",
  category: "event",
  subject: "You are invited: an evening under the glass roof",
  preheader: "Music, small plates and the first look at the new collection, on 12 June.",
  doc: mail(
    {
      font: "serif",
      headingFont: "oldstyle",
      headingWeight: 400,
      textSize: 17,
      pageBackground: "#e7e5df",
      background: "#fdfbf5",
      text: "#3a3d4a",
      heading: "#141b33",
      link: "#7a5613",
      button: { background: "#e9c984", text: "#141b33", radius: 0 },
    },
    "You get invitations because you asked to hear about our evenings.",
    [
      section(
        { padding: pad(60, 16, 36), background: "#141b33" },
        text([[italic("You are warmly invited to")]], {
          colour: gold,
          align: "center",
          size: 18,
          padding: pad(0, 32, 14),
        }),
        heading(1, "An evening under glass", {
          size: 46,
          align: "center",
          colour: "#ffffff",
          padding: pad(0, 32, 20),
        }),
        divider({ colour: gold, width: 16, padding: pad(0, 32, 22) }),
        text(["Music, small plates and a first look at the new collection, among friends of the house."], {
          colour: "#d5d9e8",
          align: "center",
          padding: pad(0, 40),
        }),
      ),
      columns(
        { padding: pad(0, 16, 20), background: "#141b33" },
        fact("When", "12 June", "A Friday"),
        fact("Doors", "19:00", "Begins at 19:30"),
        fact("Where", "Palm House", "1 Garden Road"),
      ),
      section(
        { padding: pad(0, 0, 56), background: "#141b33" },
        button("Reserve your place", `${site}/rsvp`, { align: "center", padding: pad(0, 32) }),
      ),
      section(
        { padding: pad(40, 0, 32) },
        text([
          ["Dear ", name, ","],
          "once a year we clear the tables out of the Palm House and let the evening in. This time a string quartet plays between the citrus trees, and the kitchen sends out whatever the garden has that day.",
          [
            "There are eighty places. Please tell us by ",
            bold("1 June"),
            " whether you will come, and whether you bring somebody.",
          ],
          [
            "Can’t make it? ",
            link("Tell us in one tap", `${site}/regrets`),
            " and we give your place to someone on the list.",
          ],
        ]),
      ),
    ],
  ),
};

const slot = (time: string, title: string, words: string) =>
  columns(
    { ratio: [1, 4], onPhone: "keep", padding: pad(0, 24, 0) },
    column([text([[bold(time)]], { colour: "#1d4fd8", padding: pad(0, 0, 0, 8) })]),
    column([text([[bold(title), br, words]], { padding: pad(0, 8, 18) })]),
  );

const webinar: StarterDesign = {
  key: "webinar",
  category: "event",
  subject: "Live on Tuesday: a landing page in 45 minutes",
  preheader: "Watch us build one from an empty page, and ask anything while we do.",
  doc: mail(
    {
      headingWeight: 800,
      pageBackground: "#e5eaf4",
      text: "#3a4459",
      heading: "#0e1830",
      link: "#1d4fd8",
      button: { background: "#1d4fd8", text: "#ffffff", radius: 6 },
    },
    "You get invitations to our sessions because you signed up for one before.",
    [
      columns(
        { ratio: [2, 5], padding: pad(0), background: "#0e1830" },
        column(
          [
            heading(2, "14", { size: 72, align: "center", colour: "#ffffff", padding: pad(40, 8, 0) }),
            text([[bold("April · 16:00 CEST")], "45 minutes, online"], {
              align: "center",
              size: 15,
              colour: "#ffffff",
              padding: pad(8, 8, 40),
            }),
          ],
          { background: "#1d4fd8", verticalAlign: "middle" },
        ),
        column(
          [
            kicker("Live session", { colour: "#9dbcff", padding: pad(40, 28, 8) }),
            heading(1, "A landing page in 45 minutes", { size: 42, colour: "#ffffff", padding: pad(0, 28, 40) }),
          ],
          { verticalAlign: "middle" },
        ),
      ),
      section(
        { padding: pad(36, 0, 8) },
        text([
          ["Hi ", name, ","],
          "no slides this time. We start with an empty page and one offer, and stop when the form works. You see every decision, also the ones we take back.",
        ]),
        button("Save my seat", `${site}/webinar`, { padding: pad(0, 32, 28) }),
        divider(),
        heading(2, "What happens when", { size: 22, padding: pad(8, 32, 16) }),
      ),
      slot("16:00", "One sentence", "What the page has to say, and to whom."),
      slot("16:10", "Structure and words", "Headline, proof, offer. In that order?"),
      slot("16:25", "Form and test", "Fewer fields, real errors, a phone in the hand."),
      slot("16:35", "Your questions", "Send them before, or ask in the chat."),
      section(
        { padding: pad(8, 0, 28) },
        divider(),
        heading(2, "You will take away", { size: 22, padding: pad(8, 32, 16) }),
        list("check", ["The finished page as a template", "A checklist of one side", "The recording, the day after"]),
      ),
    ],
  ),
};

export const eventStarters: readonly StarterDesign[] = [event, webinar];
