import { z } from "zod";
import { tzdb } from "./time-zones.ts";

export const passwordMinLength = 10;
/** better-auth hashes with scrypt; the cap keeps a hostile password from costing much. */
export const passwordMaxLength = 128;

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "required")
    .max(max, "too_long")
    .refine((v) => !/[\p{Cc}\u2028\u2029]/u.test(v), "control_characters");

/** A login address. Only the people who run the installation have one; subscribers' rules are wider. */
export const loginEmail = z.string().trim().toLowerCase().pipe(z.email("email"));

export const password = z.string().min(passwordMinLength, "password_short").max(passwordMaxLength, "password_long");

export const languages = ["en", "de"] as const;

export const workspaceSettingsInput = z.strictObject({
  workspaceName: line(120),
  /** Several lines, as on an envelope. */
  postalAddress: z
    .string()
    .trim()
    .min(1, "required")
    .max(500, "too_long")
    .refine((v) => !/[^\P{Cc}\n\r]/u.test(v), "control_characters")
    .transform((v) => v.replace(/\r\n?/g, "\n")),
  timeZone: z.string().refine((v) => tzdb.has(v), "time_zone"),
  language: z.enum(languages),
});
export type WorkspaceSettingsInput = z.infer<typeof workspaceSettingsInput>;

export const setUpInput = workspaceSettingsInput.extend({ name: line(120), email: loginEmail, password });
export type SetUpInput = z.infer<typeof setUpInput>;

export const loginInput = z.strictObject({
  email: loginEmail,
  password: z.string().min(1, "required").max(passwordMaxLength),
});

export const changePasswordInput = z
  .strictObject({ current: z.string().min(1, "required").max(passwordMaxLength), next: password, repeat: z.string() })
  .refine((v) => v.next === v.repeat, { path: ["repeat"], message: "password_differs" });
