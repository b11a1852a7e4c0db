import {
  bold,
  button,
  column,
  columns,
  divider,
  firstName,
  heading,
  italic,
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

const cream = "#fbf3df";
const holiday: StarterDesign = {
  key: "holiday",
  category: "relationship",
  subject: "A quiet season’s greeting from all of us",
  preheader: "Thank you for this year. We close for a few days, and here is when.",
  doc: mail(
    {
      font: "oldstyle",
      headingFont: "oldstyle",
      headingWeight: 400,
      textSize: 18,
      pageBackground: "#0c2f26",
      background: "#0f3b30",
      text: cream,
      heading: cream,
      link: "#f0c987",
      button: { background: "#b3262e", text: "#ffffff", radius: 2 },
    },
    "You get this because we had the pleasure of working for you this year.",
    [
      section(
        { padding: pad(64, 0, 52), background: "#0f3b30", border: { colour: "#f0c987", thickness: 2 } },
        text(["✶   ✶   ✶"], { colour: "#f0c987", align: "center", size: 22, padding: pad(0, 32, 22) }),
        text([[italic("Season’s greetings")]], {
          colour: "#f0c987",
          align: "center",
          size: 22,
          padding: pad(0, 32, 10),
        }),
        heading(1, ["Thank you, ", firstName("dear reader"), "."], {
          size: 50,
          align: "center",
          colour: cream,
          padding: pad(0, 32, 20),
        }),
        divider({ colour: "#f0c987", width: 18, padding: pad(0, 32, 24) }),
        text(
          [
            "For every order, every question and every kind word this year. You kept a small workshop busy, and its lights on until late.",
            "We wish you a few days without a list: good company, a walk in the cold and something warm to come home to.",
          ],
          { colour: cream, align: "center", padding: pad(0, 44, 30) },
        ),
        text(["✶"], { colour: "#f0c987", align: "center", size: 22, padding: pad(0, 32, 18) }),
        text([[bold("We are closed from 24 December to 2 January.")], "Orders from the 20th on leave on the 3rd."], {
          colour: cream,
          align: "center",
          size: 16,
          padding: pad(0, 44),
        }),
      ),
    ],
    { colour: "#d9e4dc", background: "#0c2f26", align: "center" },
  ),
};

const birthday: StarterDesign = {
  key: "birthday",
  category: "relationship",
  subject: "Happy birthday! There is something in the box",
  preheader: "A small present from us: coffee and cake, whenever you come by this month.",
  doc: mail(
    {
      headingFont: "serif",
      pageBackground: "#ffe3ea",
      text: "#54323d",
      heading: "#4a1227",
      link: "#a81f52",
      button: { background: "#a81f52", text: "#ffffff", radius: 30 },
    },
    "You get this because you told us your birthday and asked for a treat.",
    [
      columns(
        { onPhone: "keep", padding: pad(0) },
        ...["#a81f52", "#ffb3a7", "#ffd98a", "#7fc8b4"].map((colour) =>
          column([{ type: "spacer", height: 18, background: colour }]),
        ),
      ),
      section(
        { padding: pad(56, 0, 24) },
        text(["Happy birthday,"], { align: "center", size: 22, padding: pad(0, 32, 4) }),
        heading(1, [firstName("you lovely person"), "!"], { size: 58, align: "center", padding: pad(0, 24, 22) }),
        text(["May it be a year of long breakfasts, short queues and good news."], {
          align: "center",
          size: 18,
          padding: pad(0, 48, 28),
        }),
      ),
      columns(
        { padding: pad(0, 32, 40) },
        column(
          [
            kicker("Your present", { colour: "#4a1227", align: "center", padding: pad(32, 24, 4) }),
            heading(2, "Coffee and cake", { size: 32, align: "center", colour: "#4a1227", padding: pad(0, 24, 8) }),
            text(["For one, on us, on any day of this month. Show this mail at the till."], {
              colour: "#4a1227",
              align: "center",
              padding: pad(0, 24, 22),
            }),
            button("Find a café near you", `${site}/cafes`, { align: "center", padding: pad(0, 24, 32) }),
          ],
          { background: "#ffd98a", radius: 16 },
        ),
      ),
      columns(
        { onPhone: "keep", padding: pad(0) },
        ...["#7fc8b4", "#ffd98a", "#ffb3a7", "#a81f52"].map((colour) =>
          column([{ type: "spacer", height: 18, background: colour }]),
        ),
      ),
    ],
  ),
};

const gift = (amount: string, words: string) =>
  column(
    [
      heading(3, amount, { size: 28, align: "center", colour: "#2c2a1b", padding: pad(20, 10, 4) }),
      text([words], { size: 15, align: "center", colour: "#2c2a1b", padding: pad(0, 10, 14) }),
      button("Give", `${site}/give?amount=${amount.slice(1)}`, { align: "center", padding: pad(0, 10, 22) }),
    ],
    { background: "#f3ecd2", radius: 6, padding: pad(0, 6, 12) },
  );

const fundraising: StarterDesign = {
  key: "fundraising",
  category: "relationship",
  subject: "812 trees so far. Will you plant the next one?",
  preheader: "The river meadow is two thirds planted. Planting ends when the frost comes.",
  doc: mail(
    {
      font: "serif",
      headingFont: "sans",
      headingWeight: 800,
      textSize: 17,
      pageBackground: "#efebdd",
      background: "#fffef8",
      text: "#45432f",
      heading: "#25331a",
      link: "#3d6b1f",
      button: { background: "#b4481b", text: "#ffffff", radius: 4 },
    },
    "You get this because you support our work or asked to hear about it.",
    [
      section(
        { padding: pad(44, 0, 36), background: "#25331a" },
        kicker("The river meadow", { colour: "#cfe3a8" }),
        heading(1, "812 trees", { size: 68, colour: "#ffffff", padding: pad(0, 32, 6) }),
        text(["are in the ground. 388 are waiting in the nursery."], {
          size: 20,
          colour: "#eef3e2",
          padding: pad(0, 32, 24),
        }),
      ),
      columns(
        { ratio: [4, 2], onPhone: "keep", padding: pad(0) },
        column([{ type: "spacer", height: 14, background: "#9ccb4a" }]),
        column([{ type: "spacer", height: 14, background: "#56663f" }]),
      ),
      section(
        { padding: pad(36, 0, 8) },
        text([
          ["Dear ", name, ","],
          "on Saturday forty people came with spades and old coats. By noon the first row stood: alder by the water, oak behind it, hazel where the path will be.",
          [
            "Planting ends when the frost comes. Each tree costs us ",
            bold("€12"),
            ": the seedling, a stake, and somebody who waters it for two summers.",
          ],
        ]),
        heading(2, "What would you like to plant?", { size: 24, padding: pad(8, 32, 16) }),
      ),
      columns(
        { padding: pad(0, 26, 20) },
        gift("€12", "One alder by the water"),
        gift("€36", "Three oaks for the row"),
        gift("€120", "A hedge for the birds"),
      ),
      section(
        { padding: pad(0, 0, 32) },
        text([
          [
            "Would you rather come yourself? The next planting days are 9 and 16 November. ",
            link("Put your name down", `${site}/plant`),
            "; soup is on us.",
          ],
        ]),
      ),
    ],
  ),
};

export const greetingStarters: readonly StarterDesign[] = [holiday, birthday, fundraising];
