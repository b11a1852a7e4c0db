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
  links,
  mail,
  name,
  pad,
  quote,
  type StarterDesign,
  section,
  text,
} from "./kit.ts";

const site = "https://example.com";

const newsletter: StarterDesign = {
  key: "newsletter",
  category: "newsletter",
  subject: "Slow mornings, a new roast and where to find us",
  preheader: "Three stories from the roastery, and one recipe to try this weekend.",
  doc: mail(
    {
      font: "sans",
      headingFont: "serif",
      headingWeight: 400,
      pageBackground: "#efebe3",
      background: "#fffdf8",
      text: "#463f38",
      heading: "#231d18",
      link: "#8a3f1c",
      button: { background: "#8a3f1c", text: "#ffffff", radius: 2 },
    },
    "You get this letter because you subscribed to it on our website.",
    [
      section(
        { padding: pad(36, 0, 8) },
        heading(1, "The Morning Post", { align: "center", size: 42, padding: pad(0, 32, 6) }),
        text([[italic("Notes from a small coffee roastery · Spring issue")]], {
          align: "center",
          size: 15,
          padding: pad(0, 32, 22),
        }),
        divider({ colour: "#231d18", thickness: 2, padding: pad(0, 32, 3) }),
        divider({ colour: "#231d18", thickness: 1, padding: pad(0, 32, 20) }),
      ),
      section(
        { padding: pad(8, 0, 12) },
        kicker("The lead", { colour: "#8a3f1c" }),
        heading(2, "In praise of the slow cup", { size: 30, padding: pad(0, 32, 12) }),
        text([
          ["Hello ", name, ","],
          "for two years we timed everything: seconds, grams, degrees. This winter we put the scales away for a week and brewed by eye. Some cups were odd. A few were the best we have had in this room.",
          "Here is what we learned about patience, and the one number we went back to measuring.",
        ]),
        button("Read the story", `${site}/slow-cup`),
      ),
      section(
        { padding: pad(16, 0, 28), background: "#8a3f1c" },
        quote("A good morning is not a fast one. It is one that nobody hurried.", "Heard at the bar", {
          colour: "#f2c9a8",
          textColour: "#ffffff",
          padding: pad(18, 40, 4),
        }),
      ),
      columns(
        { padding: pad(32, 16, 12) },
        column([
          kicker("New on the shelf", { colour: "#8a3f1c", padding: pad(0, 16, 8) }),
          heading(3, "Huila, washed", { size: 22, padding: pad(0, 16, 8) }),
          text(
            [
              "Red apple, cane sugar and a long, clean finish. Roasted on Tuesdays, on its way to you by Wednesday.",
              [link("See the beans", `${site}/huila`)],
            ],
            { padding: pad(0, 16, 20) },
          ),
        ]),
        column([
          kicker("From the kitchen", { colour: "#8a3f1c", padding: pad(0, 16, 8) }),
          heading(3, "Coffee and rye biscuits", { size: 22, padding: pad(0, 16, 8) }),
          text(
            [
              "Six ingredients, one bowl, twenty minutes. They keep for a week, if anybody lets them.",
              [link("Get the recipe", `${site}/biscuits`)],
            ],
            { padding: pad(0, 16, 20) },
          ),
        ]),
      ),
      section(
        { padding: pad(0, 0, 28) },
        divider({ padding: pad(0, 32, 24) }),
        heading(2, "Where to find us", { size: 24 }),
        text([
          [bold("Saturday, 9 to 14"), " · Farmers’ market, by the fountain"],
          [bold("Every weekday, 8 to 17"), " · The roastery bar, door on the yard side"],
        ]),
        links(
          { Shop: `${site}/shop`, Recipes: `${site}/recipes`, Archive: `${site}/archive` },
          { padding: pad(8, 32, 0), align: "left" },
        ),
      ),
    ],
  ),
};

const story = (number: string, title: string, words: string, href: string, minutes: string) =>
  columns(
    { ratio: [1, 6], onPhone: "keep", padding: pad(6, 24, 0) },
    column([heading(3, number, { size: 26, colour: "#5b4bd6", padding: pad(0, 0, 0, 8) })]),
    column([
      text([[bold(title), br, words, br, link("Read", href), ` · ${minutes}`]], { padding: pad(2, 8, 22), size: 16 }),
    ]),
  );

const digest: StarterDesign = {
  key: "digest",
  category: "newsletter",
  subject: "Five things worth reading this week",
  preheader: "Quiet software, better meetings and a map of every bench in town.",
  doc: mail(
    {
      font: "sans",
      headingFont: "mono",
      pageBackground: "#e9e9f2",
      text: "#3c3d4f",
      heading: "#1a1b2e",
      link: "#5b4bd6",
      button: { background: "#5b4bd6", text: "#ffffff", radius: 6 },
    },
    "You get the digest every Friday because you signed up for it.",
    [
      section(
        { padding: pad(28, 0, 24), background: "#1a1b2e" },
        heading(1, "weekly/digest", { size: 30, colour: "#ffffff", padding: pad(0, 32, 6) }),
        text(["Issue 48 · Five links, six minutes, no filler"], { colour: "#c9c8e8", size: 15, padding: pad(0, 32) }),
      ),
      section(
        { padding: pad(28, 0, 8) },
        text([["Hi ", name, ", a calm one this week. If you only have time for one, make it number two."]]),
        divider(),
        heading(2, "To read", { size: 18, padding: pad(4, 32, 12) }),
      ),
      story(
        "1",
        "The case for quiet software",
        "What tools look like when they wait until you ask.",
        `${site}/1`,
        "4 min",
      ),
      story(
        "2",
        "Meetings that end early",
        "One team moved every decision into writing. A year on, the numbers.",
        `${site}/2`,
        "7 min",
      ),
      story("3", "How to name things", "Nine rules from people who maintain very old code.", `${site}/3`, "5 min"),
      section({ padding: pad(4, 0) }, divider(), heading(2, "To look at", { size: 18, padding: pad(4, 32, 12) })),
      story(
        "4",
        "Every bench in town",
        "A hand-drawn map of places to sit down, with the view from each.",
        `${site}/4`,
        "2 min",
      ),
      story(
        "5",
        "Type from old tickets",
        "Four hundred railway tickets and the letters on them.",
        `${site}/5`,
        "3 min",
      ),
      columns(
        { padding: pad(8, 24, 28) },
        column(
          [
            heading(3, "Know somebody who would like this?", { size: 18, colour: "#ffffff", padding: pad(24, 24, 8) }),
            text([["Forward this mail, or send them to ", link("example.com/digest", `${site}/digest`), "."]], {
              colour: "#ffffff",
              padding: pad(0, 24, 24),
            }),
          ],
          { background: "#5b4bd6", radius: 8, padding: pad(0, 8) },
        ),
      ),
    ],
  ),
};

const blogPost: StarterDesign = {
  key: "blog_post",
  category: "newsletter",
  subject: "New on the blog: the garden that waters itself",
  preheader: "Clay pots, one afternoon and half the water: how we built it, step by step.",
  doc: mail(
    {
      font: "serif",
      headingFont: "serif",
      headingWeight: 400,
      textSize: 18,
      pageBackground: "#ffffff",
      background: "#ffffff",
      text: "#2f3a34",
      heading: "#12251b",
      link: "#21633f",
      button: { background: "#12251b", text: "#ffffff", radius: 30 },
    },
    "You asked us to write when there is a new article.",
    [
      section(
        { padding: pad(36, 0, 0) },
        text([[bold("The Allotment")]], { size: 16, colour: "#21633f", padding: pad(0, 32, 18) }),
        divider({ colour: "#21633f", thickness: 6, width: 12, align: "left", padding: pad(0, 32, 24) }),
        heading(1, "The garden that waters itself", { size: 46, padding: pad(0, 32, 14) }),
        text([[italic("8 minutes · Growing · With a drawing to print")]], { size: 16, padding: pad(0, 32, 24) }),
      ),
      section(
        { padding: pad(0, 0, 12) },
        text([
          "Long before there were timers and hoses, people buried unglazed clay pots between their plants and filled them once a week. The earth takes exactly what it needs; the pot gives nothing more.",
          "Last August we tried it on four beds. Two had pots, two had the watering can. This is what we saw, what broke, and how much water was left in the barrel in October.",
        ]),
        button("Read the article", `${site}/clay-pots`),
      ),
      section(
        { padding: pad(28, 0, 12), background: "#12251b" },
        heading(2, "In short", { size: 24, colour: "#ffffff" }),
        text(
          [
            [bold("48 % less water"), " over ten weeks, on the same bed."],
            [bold("One afternoon"), " to set up for about six square metres."],
            [bold("Best for"), " tomatoes, courgettes and beans. Not for carrots."],
          ],
          { colour: "#e3efe7" },
        ),
      ),
      section(
        { padding: pad(32, 0, 24) },
        heading(2, "You may have missed", { size: 24 }),
        text([
          [link("What to sow in the second week of March", `${site}/march`)],
          [link("A compost heap that does not smell", `${site}/compost`)],
          [link("Sharpening a spade without a workshop", `${site}/spade`)],
        ]),
      ),
    ],
  ),
};

export const newsletterStarters: readonly StarterDesign[] = [newsletter, digest, blogPost];
