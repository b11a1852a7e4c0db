import { X509Certificate } from "node:crypto";

/** What is wrong with pasted certificates; the app words it. */
export type AuthorityProblem =
  | "authorities_private_key"
  | "authorities_none"
  | "authorities_unreadable"
  | "authorities_expired"
  | "authorities_not_yet"
  | "authorities_not_ca";

const block = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * Checks certificates (PEM) that are to be trusted for one sender: each parses, is valid at `now`, and is a certificate
 * authority or a server's certificate that vouches for itself. A private key among them is refused: it would be stored
 * and shown in the clear. Returns null when all is well; an empty text is.
 */
export function authorityProblem(pem: string, now: Date = new Date()): AuthorityProblem | null {
  if (pem.trim() === "") return null;
  if (/PRIVATE KEY/i.test(pem)) return "authorities_private_key";
  const blocks = pem.match(block) ?? [];
  if (blocks.length === 0) return "authorities_none";
  // What stands between the certificates may be comments, but not the half of another one.
  if (/-----(BEGIN|END)/.test(pem.replace(block, ""))) return "authorities_unreadable";
  for (const one of blocks) {
    const problem = problemOf(one, now);
    if (problem) return problem;
  }
  return null;
}

/** The certificates alone, without what stands between them. */
export function tidyAuthorities(pem: string): string {
  return (pem.match(block) ?? []).map((one) => `${one.replace(/\r\n?/g, "\n")}\n`).join("");
}

function problemOf(pem: string, now: Date): AuthorityProblem | null {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return "authorities_unreadable";
  }
  if (certificate.validToDate < now) return "authorities_expired";
  if (certificate.validFromDate > now) return "authorities_not_yet";
  return certificate.ca || vouchesForItself(certificate) ? null : "authorities_not_ca";
}

function vouchesForItself(certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}
