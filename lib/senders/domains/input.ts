import { z } from "zod";
import { readDomain } from "./name.ts";

const domainName = z.string().transform((text, context) => {
  if (text.trim() === "") context.addIssue({ code: "custom", message: "required" });
  else {
    const read = readDomain(text);
    if (read.ok) return read.domain;
    context.addIssue({ code: "custom", message: read.fault });
  }
  return z.NEVER;
});

export const domainInput = z.strictObject({ domain: domainName });

export type DomainInput = z.output<typeof domainInput>;

export const domainIdInput = z.strictObject({ domainId: z.uuid() });

/** Something of a domain that is turned on or off. */
export const domainSwitchInput = z.strictObject({ domainId: z.uuid(), on: z.boolean() });

export type DomainSwitchInput = z.output<typeof domainSwitchInput>;

/** Where mail that comes back is to go: a host under the domain, and the mail server that takes it there. */
export const bounceDomainInput = z.strictObject({ domainId: z.uuid(), host: domainName, server: domainName });

export type BounceDomainInput = z.output<typeof bounceDomainInput>;
