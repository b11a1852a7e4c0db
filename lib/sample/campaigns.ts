import type { SampleIssue } from "./mails.ts";
import type { SampleList } from "./people.ts";

/** What the servers and the readers of a sent campaign did; shares of those it was accepted for. */
export interface SampleStory {
  openShare: number;
  /** Of those who open. */
  clickShare: number;
  unsubscribes: number;
  /** So many addresses each, the rest are accepted at the first try. */
  hardBounces: number;
  blocked: number;
  /** Greylisted once, then accepted. */
  greylisted: number;
  /** The line broke after the final dot, and a second time: held for a person. */
  inDoubt: number;
  /** Opted out between launch and hand-over. */
  leftMeanwhile: number;
}

export interface SampleCampaign {
  name: string;
  subject: string;
  preheader: string;
  include: readonly SampleList[];
  exclude: readonly SampleList[];
  issue: SampleIssue;
  /** How much each link is clicked, in the order of the links in the mail; the last is repeated for the rest. */
  linkWeights: readonly number[];
}

export interface SentSampleCampaign extends SampleCampaign {
  sentDaysAgo: number;
  /** Wall time in the workspace's zone, HH:MM. */
  sentAt: string;
  story: SampleStory;
}

const shop = "https://acme-coffee.example.com";

/** Sent long ago, first one first. */
export const sentCampaigns: readonly SentSampleCampaign[] = [
  {
    name: "Letter 14: the Guji harvest",
    subject: "The Guji harvest is in, and it tastes of apricot",
    preheader: "Two hundred bags, a cupping on Saturday, and why we changed the bag.",
    include: ["newsletter"],
    exclude: [],
    sentDaysAgo: 24,
    sentAt: "09:30",
    linkWeights: [52, 22, 14, 12],
    story: {
      openShare: 0.58,
      clickShare: 0.34,
      unsubscribes: 3,
      hardBounces: 5,
      blocked: 1,
      greylisted: 4,
      inDoubt: 0,
      leftMeanwhile: 1,
    },
    issue: {
      dateline: "One letter a month, about coffee",
      title: "The Guji harvest is in, and it tastes of apricot",
      letter: [
        "Two hundred bags came up the river on Tuesday. We had cupped the samples months ago and bought on the spot; now the whole lot is here, and it is better than we remembered: apricot, black tea, a little honey when it cools.",
        "Mesfin and his neighbours dried it on raised beds for nineteen days. You taste every one of them.",
      ],
      button: { label: "Taste the new Guji", href: `${shop}/coffee/ethiopia-guji` },
      stories: [
        {
          kicker: "At the roastery",
          title: "Cupping on Saturday, eleven o’clock",
          text: "Six coffees, six spoons, no expertise needed. It costs nothing and takes an hour.",
          link: { label: "Keep a place", href: `${shop}/cupping` },
        },
        {
          kicker: "The bag",
          title: "Why it is no longer shiny",
          text: "The new bag goes into the paper bin. It took two years and four bags that leaked.",
          link: { label: "How it is made", href: `${shop}/journal/the-new-bag` },
        },
        {
          kicker: "Brewing",
          title: "A recipe for slow mornings",
          text: "Fifteen grams, two hundred and forty millilitres, three pours. We wrote it down with the times.",
          link: { label: "See the recipe", href: `${shop}/recipes/slow-morning` },
        },
      ],
      footnote: "A reply to this letter reaches Ida at the roastery, and she answers.",
    },
  },
  {
    name: "Trade: new prices and delivery days",
    subject: "New prices for the trade, valid from the first",
    preheader: "Harbour Blend stays where it is. Deliveries move to Tuesday and Friday.",
    include: ["wholesale"],
    exclude: [],
    sentDaysAgo: 13,
    sentAt: "07:45",
    linkWeights: [64, 24, 12],
    story: {
      openShare: 0.72,
      clickShare: 0.52,
      unsubscribes: 0,
      hardBounces: 1,
      blocked: 0,
      greylisted: 3,
      inDoubt: 0,
      leftMeanwhile: 0,
    },
    issue: {
      dateline: "For cafés, bakeries and hotels",
      title: "New prices, and two delivery days",
      letter: [
        "Green coffee has become dearer again. We kept Harbour Blend where it is and moved two single origins by 60 cents a kilo; the list below is valid from the first of next month.",
        "Deliveries come on Tuesday and Friday now. Order by noon the day before and it is with you when you open.",
      ],
      button: { label: "Open the price list", href: `${shop}/trade/price-list` },
      stories: [
        {
          kicker: "Machines",
          title: "Service before the busy weeks",
          text: "Jonas has eleven dates left this month for grinders and espresso machines.",
          link: { label: "Book a date", href: `${shop}/trade/service` },
        },
        {
          kicker: "Training",
          title: "A morning for new baristas",
          text: "Four people, two machines, milk until it works. Free for trade customers.",
          link: { label: "Register somebody", href: `${shop}/trade/training` },
        },
      ],
      footnote: "Questions about an order? Trade desk, weekdays from seven to three.",
    },
  },
  {
    name: "Letter 15: Night Shift returns",
    subject: "Night Shift is back, darker than the evenings",
    preheader: "Our darkest espresso, a grinder on loan, and a tasting box for people who cannot decide.",
    include: ["newsletter"],
    exclude: ["wholesale"],
    sentDaysAgo: 3,
    sentAt: "09:30",
    linkWeights: [46, 24, 20, 10],
    story: {
      openShare: 0.55,
      clickShare: 0.31,
      unsubscribes: 2,
      hardBounces: 2,
      blocked: 1,
      greylisted: 5,
      inDoubt: 1,
      leftMeanwhile: 1,
    },
    issue: {
      dateline: "One letter a month, about coffee",
      title: "Night Shift is back, darker than the evenings",
      letter: [
        "Somebody asks in the shop every week whether it is true. It is true: Night Shift is back, roasted for milk, with the taste of cocoa and toasted hazelnut that keeps the bakers going at four.",
        "We roast it for three months and not a day longer. Last time it was gone in two.",
      ],
      button: { label: "Order Night Shift", href: `${shop}/coffee/night-shift` },
      stories: [
        {
          kicker: "On loan",
          title: "Try a proper grinder for a week",
          text: "Three hand grinders go round among our readers. Take one home, bring it back on Saturday.",
          link: { label: "Borrow one", href: `${shop}/grinder-library` },
        },
        {
          kicker: "For the undecided",
          title: "Twelve small bags",
          text: "Twelve coffees, each enough for two cups, in the order we would drink them. Sixty boxes, then it is over.",
          link: { label: "Reserve a box", href: `${shop}/tasting-box` },
        },
        {
          kicker: "From the journal",
          title: "Where last year’s sacks went",
          text: "Into bags, into a stage set, and into the garden of the school around the corner.",
          link: { label: "Read on", href: `${shop}/journal/sacks` },
        },
      ],
      footnote: "A reply to this letter reaches Ida at the roastery, and she answers.",
    },
  },
];

/** Waits to be finished. */
export const draftCampaign: SampleCampaign = {
  name: "Letter 16: holiday hours",
  subject: "Open until the 23rd, and then we sleep",
  preheader: "Our hours over the holidays, and the last day to order.",
  include: ["newsletter"],
  exclude: [],
  linkWeights: [1],
  issue: {
    dateline: "One letter a month, about coffee",
    title: "Open until the 23rd, and then we sleep",
    letter: [
      "The year was long and good. We roast for the last time on the 19th, send the last parcels on the 20th, and lock the shop on the evening of the 23rd.",
      "From the 7th of January there is coffee again.",
    ],
    button: { label: "Order before the 19th", href: `${shop}/shop` },
    stories: [
      {
        kicker: "Presents",
        title: "Three boxes, already tied up",
        text: "For beginners, for people who own a scale, and for those who have everything.",
        link: { label: "See the boxes", href: `${shop}/presents` },
      },
    ],
    footnote: "A reply to this letter reaches Ida at the roastery, and she answers.",
  },
};

/** What the demo really sends, through the queue to the built-in inbox. */
export const demoCampaign: SampleCampaign = {
  name: "Demo: the open roastery",
  subject: "Come and see us roast on Sunday",
  preheader: "Doors open at ten, the first batch at half past.",
  include: ["newsletter", "wholesale"],
  exclude: [],
  linkWeights: [1],
  issue: {
    dateline: "An invitation",
    title: "Come and see us roast on Sunday",
    letter: [
      "The doors open at ten and the first batch goes in at half past. You can ask anything, smell everything and take home what comes out while it is warm.",
      "Bring children. The drum is loud, and there is cocoa.",
    ],
    button: { label: "Tell us you are coming", href: `${shop}/open-roastery` },
    stories: [
      {
        kicker: "The way",
        title: "Tram 3 to Speicherstadt, then follow your nose",
        text: "There is room for bicycles in the yard.",
        link: { label: "See the map", href: `${shop}/map` },
      },
    ],
    footnote: "A reply to this letter reaches Ida at the roastery, and she answers.",
  },
};
