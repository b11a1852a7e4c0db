/** The places of the console. Label and icon follow from the key. */
export type NavKey =
  | "home"
  | "campaigns"
  | "templates"
  | "media"
  | "audience"
  | "subscribers"
  | "lists"
  | "fields"
  | "imports"
  | "senders"
  | "domains"
  | "sending"
  | "inbox"
  | "settings";

export interface NavPlace {
  key: NavKey;
  href: string;
  /** A number behind the label, such as unread mails. */
  count?: number;
}

export interface NavGroup {
  key: NavKey;
  items: readonly NavPlace[];
}

export type NavEntry = NavPlace | NavGroup;

/** What a marketer sees on the left. A page that does not exist yet is left out by whoever passes this on. */
export const consoleNav: readonly NavEntry[] = [
  { key: "home", href: "/" },
  { key: "campaigns", href: "/campaigns" },
  { key: "templates", href: "/templates" },
  { key: "media", href: "/media" },
  {
    key: "audience",
    items: [
      { key: "subscribers", href: "/subscribers" },
      { key: "lists", href: "/lists" },
      { key: "fields", href: "/fields" },
      { key: "imports", href: "/imports" },
    ],
  },
  { key: "senders", href: "/senders" },
  { key: "domains", href: "/domains" },
  { key: "sending", href: "/sending" },
  { key: "inbox", href: "/inbox" },
  { key: "settings", href: "/settings" },
];

/** Whether a page at `pathname` belongs to the place at `href`. */
export function isCurrentPlace(pathname: string, href: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
