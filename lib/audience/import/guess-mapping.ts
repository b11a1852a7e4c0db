import { parseAddress } from "../address.ts";
import { type Field, fieldKey } from "../fields.ts";
import type { Target } from "./input.ts";

// Header words of English, German, French, Spanish, Italian, Portuguese, Dutch, Polish and Swedish exports.
const words: Record<Exclude<Target, `field:${string}`>, readonly string[]> = {
  email: [
    "email",
    "e_mail",
    "mail",
    "email_address",
    "e_mail_address",
    "emailaddress",
    "mail_address",
    "subscriber_email",
    "contact_email",
    "email_1",
    "e_mail_1_value",
    "e_mail_adresse",
    "email_adresse",
    "mailadresse",
    "emailadresse",
    "adresse_e_mail",
    "adresse_email",
    "adresse_mail",
    "courriel",
    "correo",
    "correo_electronico",
    "direccion_de_correo_electronico",
    "indirizzo_email",
    "indirizzo_e_mail",
    "posta_elettronica",
    "endereco_de_email",
    "endereco_de_e_mail",
    "e_mailadres",
    "emailadres",
    "adres_e_mail",
    "adres_email",
    "e_post",
    "epost",
    "adresse",
    "address",
  ],
  first_name: [
    "first_name",
    "firstname",
    "first",
    "given_name",
    "givenname",
    "forename",
    "fname",
    "vorname",
    "prenom",
    "nombre",
    "primer_nombre",
    "nome",
    "voornaam",
    "imie",
    "fornamn",
    "etunimi",
    "fornavn",
  ],
  last_name: [
    "last_name",
    "lastname",
    "last",
    "surname",
    "family_name",
    "familyname",
    "lname",
    "nachname",
    "familienname",
    "zuname",
    "nom",
    "nom_de_famille",
    "apellido",
    "apellidos",
    "cognome",
    "sobrenome",
    "achternaam",
    "nazwisko",
    "efternamn",
    "etternavn",
  ],
  full_name: [
    "name",
    "full_name",
    "fullname",
    "contact_name",
    "contact",
    "display_name",
    "vollstandiger_name",
    "nom_complet",
    "nombre_completo",
    "nome_completo",
    "volledige_naam",
    "naam",
    "imie_i_nazwisko",
    "namn",
    "navn",
  ],
  language: ["language", "lang", "locale", "sprache", "langue", "idioma", "lingua", "taal", "jezyk", "sprak"],
};

/**
 * Proposes what each column fills: by its header in nine languages, by a custom field of that key or label, and for the
 * address by its values where no header tells. No target is proposed twice.
 */
export function guessMapping(
  header: readonly string[],
  sample: readonly string[][],
  fields: readonly Field[],
): Array<Target | null> {
  const taken = new Set<Target>();
  const keys = header.map((name) => fieldKey(name));
  const addresses = header.map((_, i) => share(sample, i, (cell) => parseAddress(cell).ok));
  const named = (least: number) =>
    keys.findIndex((key, i) => words.email.includes(key) && (addresses[i] ?? 0) >= least);
  const emailColumn = best([
    named(0.5),
    addresses.findIndex((part) => part > 0.5),
    named(0.05),
    keys.findIndex((key) => /e_?mail/.test(key)),
  ]);
  const mapping = keys.map((key, i): Target | null => {
    if (i === emailColumn) return "email";
    const custom = fields.find((field) => field.key === key || field.label.toLowerCase() === header[i]?.toLowerCase());
    const known = custom ? (`field:${custom.key}` as const) : knownTarget(key);
    if (known === null || known === "email" || taken.has(known)) return null;
    taken.add(known);
    return known;
  });
  return settleNames(mapping, keys);
}

// First and last name say more than both in one; a lone "nome" or "nom" is the whole name.
function settleNames(mapping: ReadonlyArray<Target | null>, keys: readonly string[]): Array<Target | null> {
  const hasFirst = mapping.includes("first_name");
  const hasLast = mapping.includes("last_name");
  const hasWhole = mapping.includes("full_name");
  return mapping.map((target, i) => {
    if (target === "full_name" && hasFirst) return hasLast ? null : "last_name";
    const isAlone = !hasWhole && hasFirst !== hasLast && (target === "first_name" || target === "last_name");
    return isAlone && wholeOrPart.includes(keys[i] ?? "") ? "full_name" : target;
  });
}

const wholeOrPart = ["nome", "nombre", "nom"];

function knownTarget(key: string): Exclude<Target, `field:${string}`> | null {
  const found = Object.entries(words).find(([, list]) => list.includes(key));
  return found ? (found[0] as Exclude<Target, `field:${string}`>) : null;
}

function share(sample: readonly string[][], column: number, test: (cell: string) => boolean): number {
  const filled = sample.map((row) => row[column] ?? "").filter((cell) => cell.trim() !== "");
  return filled.length === 0 ? 0 : filled.filter(test).length / filled.length;
}

function best(candidates: readonly number[]): number {
  return candidates.find((index) => index >= 0) ?? -1;
}
