import type { SubscriptionStatus } from "#drizzle/schema/audience.ts";
import { type Random, randomOf } from "./random.ts";

export type SampleList = "newsletter" | "wholesale";

/** Somebody who does not exist, with an address at example.com, where no mail ever arrives (RFC 2606). */
export interface SamplePerson {
  email: string;
  firstName: string;
  lastName: string;
  fields: Record<string, string | number | boolean>;
  joinedDaysAgo: number;
  /** How they came, in the words that stand in their consent record. */
  wording: string;
  standings: Partial<Record<SampleList, SubscriptionStatus>>;
}

export const sampleSize = 500;

/** The people of Acme Coffee, those who joined first standing first. The same 500 every time. */
export function samplePeople(): SamplePerson[] {
  const random = randomOf("Acme Coffee people");
  const taken = new Set<string>();
  const people = Array.from({ length: sampleSize }, () => person(random, taken));
  return people.sort((a, b) => b.joinedDaysAgo - a.joinedDaysAgo);
}

function person(random: Random, taken: Set<string>): SamplePerson {
  const firstName = random.pick(firstNames);
  const lastName = random.pick(lastNames);
  const isTrade = random.chance(0.18);
  const city = random.pick(cities);
  // More of them recently: the list grows.
  const joinedDaysAgo = 4 + Math.floor(420 * random.next() ** 1.7);
  const fields: SamplePerson["fields"] = { city, favourite_roast: random.pick(roasts) };
  if (random.chance(0.6)) fields.cups_a_day = 1 + random.below(5);
  fields.loyalty_card = random.chance(0.4);
  if (isTrade) fields.business = `${random.pick(placeNames)} ${random.pick(placeKinds)}`;
  return {
    email: addressOf(firstName, lastName, isTrade, random, taken),
    firstName: random.chance(0.06) ? "" : firstName,
    lastName: random.chance(0.12) ? "" : lastName,
    fields,
    joinedDaysAgo,
    wording: isTrade ? "Asked for the trade price list by phone" : random.pick(wordings),
    standings: standingsOf(isTrade, joinedDaysAgo, random),
  };
}

function standingsOf(isTrade: boolean, joinedDaysAgo: number, random: Random): SamplePerson["standings"] {
  const onNewsletter = !isTrade || random.chance(0.45);
  return {
    ...(isTrade && { wholesale: random.chance(0.04) ? ("unsubscribed" as const) : ("subscribed" as const) }),
    ...(onNewsletter && { newsletter: newsletterStanding(joinedDaysAgo, random) }),
  };
}

function newsletterStanding(joinedDaysAgo: number, random: Random): SubscriptionStatus {
  if (joinedDaysAgo < 30) return random.weighted({ subscribed: 90, unconfirmed: 10 });
  return random.weighted({ subscribed: 917, unconfirmed: 15, unsubscribed: 50, bounced: 14, complained: 4 });
}

function addressOf(first: string, last: string, isTrade: boolean, random: Random, taken: Set<string>): string {
  const plain = (text: string) =>
    text
      .replaceAll("ø", "o")
      .replaceAll("ł", "l")
      .replaceAll("ß", "ss")
      .normalize("NFKD")
      .replace(/[^A-Za-z]/g, "")
      .toLowerCase();
  const [f, l] = [plain(first), plain(last)];
  const shapes = isTrade
    ? [`${f}.${l}`, `${f[0]}.${l}`, `${l}.${f}`]
    : [
        `${f}.${l}`,
        `${f}${l}`,
        `${f[0]}${l}`,
        `${f}_${l}`,
        `${f}.${l}${60 + random.below(45)}`,
        `${f}${random.below(99)}`,
      ];
  for (let tries = 0; ; tries++) {
    const name = tries < 4 ? random.pick(shapes) : `${f}.${l}${tries}`;
    const email = `${name}@example.com`;
    if (taken.has(email)) continue;
    taken.add(email);
    return email;
  }
}

const roasts = ["Harbour Blend", "Night Shift", "Ethiopia Guji", "Colombia Huila", "Decaf Sundown", "Kenya Nyeri"];
const cities = [
  ...["Hamburg", "Hamburg", "Hamburg", "Bremen", "Kiel", "Lübeck", "Berlin", "Leipzig", "Copenhagen", "Aarhus"],
  ...["Rotterdam", "Groningen", "Edinburgh", "Bristol", "Gdańsk", "Oslo"],
];
const wordings = [
  "Ticked “Send me the newsletter” at the online shop’s checkout",
  "Signed up on the website: “One letter a month, about coffee”",
  "Wrote the address on the list at the counter",
  "Signed up at the cupping evening",
];
const placeNames = ["Corner", "Harbour", "Old Mill", "Lighthouse", "Station", "Linden", "Green Door", "Blue Hour"];
const placeKinds = ["Café", "Bakery", "Bistro", "Hotel", "Roastery Bar", "Bookshop Café"];

const firstNames = [
  ...["Ada", "Aisha", "Alma", "Amara", "Anders", "Anton", "Astrid", "Beatriz", "Ben", "Birgit", "Bjørn", "Carla"],
  ...["Chloé", "Clara", "Daniel", "Deniz", "Dina", "Edith", "Elias", "Elif", "Emeka", "Emil", "Eva", "Farid", "Felix"],
  ...["Freya", "Gabriel", "Greta", "Hanna", "Hugo", "Ida", "Ines", "Isaac", "Iva", "Jakob", "Jan", "Jasmin", "Johanna"],
  ...["Jonas", "Joris", "Julia", "Karim", "Katarzyna", "Kenji", "Klara", "Lars", "Laura", "Leila", "Lena", "Leon"],
  ...["Linnea", "Louis", "Lucía", "Lukas", "Magda", "Maja", "Malik", "Marco", "Marta", "Mateo", "Mia", "Milan", "Mina"],
  ...["Nadia", "Niels", "Nina", "Noah", "Nora", "Olga", "Oskar", "Paula", "Pavel", "Pia", "Priya", "Rafael", "Rosa"],
  ...["Ruben", "Samira", "Sanne", "Sara", "Selma", "Sofia", "Stefan", "Sven", "Tara", "Theo", "Tomás", "Vera", "Yara"],
];
const lastNames = [
  ...["Ahmed", "Andersen", "Bakker", "Bauer", "Becker", "Berg", "Bianchi", "Brandt", "Castro", "Clarke", "Costa"],
  ...["de Vries", "Demir", "Dubois", "Eriksen", "Fernández", "Fischer", "Fontaine", "Friis", "García", "Graham"],
  ...["Haas", "Hansen", "Hartmann", "Hoffmann", "Holm", "Ivanova", "Jansen", "Jensen", "Kaya", "Keller", "Khan"],
  ...["Kowalska", "Kowalski", "Krüger", "Lange", "Larsen", "Lehmann", "Lindqvist", "Lopes", "MacLeod", "Marino"],
  ...[
    "Meier",
    "Mendes",
    "Moreau",
    "Mori",
    "Müller",
    "Nguyen",
    "Nielsen",
    "Nowak",
    "Okafor",
    "Olsen",
    "Ortiz",
    "Peters",
  ],
  ...["Petrova", "Ramirez", "Reid", "Richter", "Rossi", "Sato", "Schmidt", "Schulz", "Sharma", "Silva", "Sørensen"],
  ...[
    "Stein",
    "Suzuki",
    "Tanaka",
    "Thomsen",
    "van Dijk",
    "Vogel",
    "Wagner",
    "Weber",
    "Weiß",
    "Wilson",
    "Winter",
    "Yılmaz",
  ],
];
