"use client";

import { type SubmitEvent, useState, useTransition } from "react";
import type { ActionResult } from "./action-result.ts";

/**
 * Submits a form to a server action without React's reset of the fields, so that nobody types anything twice after an
 * error. `error` is the last refusal; `fields` its words per field.
 */
export function useFormAction<T>(
  action: (form: FormData) => Promise<ActionResult<T>>,
  onDone?: (data: T, form: HTMLFormElement) => void,
) {
  const [pending, startTransition] = useTransition();
  const [result, setResult] = useState<ActionResult<T> | null>(null);
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    // React passes events on from a dialog to whatever it stands in, which may be another form.
    event.stopPropagation();
    const form = event.currentTarget;
    startTransition(async () => {
      const answer = await action(new FormData(form));
      setResult(answer);
      if (answer?.ok) onDone?.(answer.data, form);
    });
  };
  const refused = result && !result.ok ? result : null;
  return { onSubmit, pending, error: refused?.message ?? null, fields: refused?.fields ?? {} };
}
