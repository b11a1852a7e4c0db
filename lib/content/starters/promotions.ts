import {
  bold,
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
  product,
  type StarterDesign,
  section,
  text,
} from "./kit.ts";

const site = "https://example.com";

const announcement: StarterDesign = {
  key: "announcement",
  category: "promotion",
  subject: "We are moving into a bigger house",
  preheader: "From the first of May you find us by the old harbour. Here is what changes.",
  doc: mail(
    {
      pageBackground: "#e8edf7",
      text: "#3a4560",
      heading: "#0f1f4b",
      link: "#2746c7",
      button: { background: "#2746c7", text: "#ffffff", radius: 8 },
      headingWeight: 800,
    },
    "You get this because you are a customer of ours.",
    [
      section(
        { padding: pad(56, 16, 52), background: "#1c2f8f" },
        kicker("Our news of the year", { colour: "#c3d0ff", align: "center" }),
        heading(1, "We are moving into a bigger house", {
          size: 44,
          align: "center",
          colour: "#ffffff",
          padding: pad(0, 24, 16),
        }),
        text(["Same people, same phone number, three times the room. From 1 May we are by the old harbour."], {
          align: "center",
          colour: "#e4eaff",
          size: 18,
          padding: pad(0, 40, 28),
        }),
        button("See how to find us", `${site}/new-house`, {
          colour: "#ffffff",
          textColour: "#1c2f8f",
          align: "center",
          padding: pad(0, 32),
        }),
      ),
      columns(
        { padding: pad(36, 16, 12) },
        column([
          heading(2, "1 May", { size: 26, align: "center", padding: pad(0, 12, 6) }),
          text(["First day in the new place"], { align: "center", padding: pad(0, 12, 20) }),
        ]),
        column([
          heading(2, "8 to 18", { size: 26, align: "center", padding: pad(0, 12, 6) }),
          text(["Open an hour longer, every weekday"], { align: "center", padding: pad(0, 12, 20) }),
        ]),
        column([
          heading(2, "0 changes", { size: 26, align: "center", padding: pad(0, 12, 6) }),
          text(["To your orders and your prices"], { align: "center", padding: pad(0, 12, 20) }),
        ]),
      ),
      section(
        { padding: pad(4, 0, 28) },
        divider({ padding: pad(0, 32, 28) }),
        text([
          ["Hello ", name, ","],
          "you have asked us for a proper showroom for years. Now there is one, with daylight, a workshop you can look into and parking right by the door.",
          [
            "Anything you would like to know first? Answer this mail, or write to ",
            link("hello@example.com", "mailto:hello@example.com"),
            ".",
          ],
        ]),
      ),
    ],
  ),
};

const sale: StarterDesign = {
  key: "sale",
  category: "promotion",
  subject: "The summer sale is on: 30 % off until Sunday",
  preheader: "Chairs, lamps and linen for the warm months. The code is in the mail.",
  doc: mail(
    {
      headingWeight: 800,
      pageBackground: "#fff3c9",
      text: "#33302a",
      heading: "#171511",
      link: "#a3271a",
      button: { background: "#171511", text: "#ffffff", radius: 0 },
    },
    "You get our offers because you ticked the box when you ordered.",
    [
      section(
        { padding: pad(18, 0), background: "#171511" },
        text([[bold("Free delivery from €50, until Sunday midnight")]], {
          colour: "#ffd43b",
          align: "center",
          size: 15,
          padding: pad(0, 16),
        }),
      ),
      section(
        { padding: pad(44, 0, 48), background: "#ffd43b" },
        heading(2, "Summer sale", { align: "center", size: 26, colour: "#171511", padding: pad(0, 32, 0) }),
        heading(1, "−30 %", { align: "center", size: 80, colour: "#171511", padding: pad(0, 16, 8) }),
        text(["on everything for balcony, garden and long evenings"], {
          align: "center",
          size: 18,
          colour: "#171511",
          padding: pad(0, 32, 26),
        }),
        button("Shop the sale", `${site}/sale`, { align: "center", padding: pad(0, 32) }),
      ),
      columns(
        { padding: pad(32, 16, 0) },
        column([
          product("Folding chair “Quay”", "Oak and cotton canvas. Folds to the width of a hand.", {
            price: "€62",
            oldPrice: "€89",
            button: { label: ["Take a seat"], href: `${site}/quay` },
            padding: pad(0, 16, 28),
          }),
        ]),
        column([
          product("Lantern “Dusk”", "Warm light for twelve hours, charged by the sun.", {
            price: "€34",
            oldPrice: "€49",
            button: { label: ["Light it"], href: `${site}/dusk` },
            padding: pad(0, 16, 28),
          }),
        ]),
      ),
      columns(
        { padding: pad(0, 16) },
        column([
          product("Linen throw", "Washed linen in sand, sage or rust.", {
            price: "€41",
            oldPrice: "€59",
            button: { label: ["Choose a colour"], href: `${site}/linen` },
            padding: pad(0, 16, 28),
          }),
        ]),
        column([
          product("Herb trough", "Galvanised steel with a drain. Holds five pots.", {
            price: "€27",
            oldPrice: "€39",
            button: { label: ["Start growing"], href: `${site}/trough` },
            padding: pad(0, 16, 28),
          }),
        ]),
      ),
      section(
        { padding: pad(28, 0, 30), background: "#171511" },
        text(["Your code at checkout"], { align: "center", colour: "#ffffff", padding: pad(0, 32, 4) }),
        heading(2, "SUN30", { align: "center", size: 38, colour: "#ffd43b", padding: pad(0, 32, 6) }),
        text(["Until Sunday, 23:59. Not together with other codes."], {
          align: "center",
          colour: "#ffffff",
          size: 14,
          padding: pad(0, 32),
        }),
      ),
    ],
  ),
};

export const promotionStarters: readonly StarterDesign[] = [announcement, sale];
