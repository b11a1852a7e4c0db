"use client";

import { useFormStatus } from "react-dom";
import { Button, type ButtonProps } from "./button.tsx";

/** The main button of a form: submits it and shows that the action is running. */
export function SubmitButton({ variant = "primary", loading, ...rest }: Omit<ButtonProps, "type">) {
  const { pending } = useFormStatus();
  return <Button type="submit" variant={variant} loading={pending || loading} {...rest} />;
}
