"use client";

import { toast } from "sonner";

interface NotifyOptions {
  description?: string;
}

/** Toasts. `undo` keeps its toast longer and runs the callback when the person takes the action back. */
export const notify = {
  success: (title: string, options?: NotifyOptions) => toast.success(title, options),
  error: (title: string, options?: NotifyOptions) => toast.error(title, { duration: 8000, ...options }),
  info: (title: string, options?: NotifyOptions) => toast.info(title, options),
  undo: (title: string, undo: { label: string; onUndo: () => void; durationMs?: number; description?: string }) =>
    toast(title, {
      description: undo.description,
      duration: undo.durationMs ?? 10_000,
      action: { label: undo.label, onClick: undo.onUndo },
    }),
  dismiss: (id: string | number) => toast.dismiss(id),
};
