import { z } from "zod";
import { readDomain } from "./name.ts";

export const domainInput = z.strictObject({
  domain: z.string().transform((text, context) => {
    if (text.trim() === "") context.addIssue({ code: "custom", message: "required" });
    else {
      const read = readDomain(text);
      if (read.ok) return read.domain;
      context.addIssue({ code: "custom", message: read.fault });
    }
    return z.NEVER;
  }),
});

export type DomainInput = z.output<typeof domainInput>;

export const domainIdInput = z.strictObject({ domainId: z.uuid() });

/** Something of a domain that is turned on or off. */
export const domainSwitchInput = z.strictObject({ domainId: z.uuid(), on: z.boolean() });

export type DomainSwitchInput = z.output<typeof domainSwitchInput>;
