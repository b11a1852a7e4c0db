"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { ActionResult } from "#components/ui/action-result.ts";

export type SaveState =
  | { kind: "saved"; at: string }
  | { kind: "waiting" }
  | { kind: "saving" }
  /** Nobody answered; it is tried again by itself. */
  | { kind: "offline" }
  /** The server said no to what was typed, in words. */
  | { kind: "refused"; message: string }
  /** Somebody else saved meanwhile. What was typed here is kept in this browser. */
  | { kind: "conflict" };

interface Saved {
  version: number;
  savedAt: string;
}

interface AutosaveOptions<Patch extends object> {
  /** Names the local copy: "campaign/<id>". */
  storageKey: string;
  version: number;
  savedAt: string;
  save: (patch: Patch, version: number) => Promise<ActionResult<Saved>>;
  /** The version that is stored now, to save over it on purpose. */
  currentVersion: () => Promise<ActionResult<number>>;
}

interface LocalCopy<Patch> {
  patch: Patch;
  version: number;
  at: string;
}

const waitMilliseconds = 700;
const retryMilliseconds = 5000;

/**
 * Saves what changed a moment after the last key, one save at a time, each naming the version it was typed over. Until
 * the server has it, a copy stays in this browser; `local` is one that an earlier visit left behind.
 */
export function useAutosave<Patch extends object>(options: AutosaveOptions<Patch>) {
  const [state, setState] = useState<SaveState>({ kind: "saved", at: options.savedAt });
  const [local, setLocal] = useState<LocalCopy<Patch> | null>(null);
  const latest = useRef(options);
  latest.current = options;
  const version = useRef(options.version);
  const pending = useRef<Patch | null>(null);
  const running = useRef<Promise<void> | null>(null);
  const halted = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const keepCopy = useCallback((patch: Patch | null) => {
    const key = latest.current.storageKey;
    try {
      if (patch === null) return localStorage.removeItem(key);
      const copy: LocalCopy<Patch> = { patch, version: version.current, at: new Date().toISOString() };
      localStorage.setItem(key, JSON.stringify(copy));
    } catch {
      // Private windows and full storages: saving to the server goes on.
    }
  }, []);

  const flush = useCallback((): Promise<void> => {
    clearTimeout(timer.current);
    if (running.current) return running.current.then(() => (pending.current && !halted.current ? flush() : undefined));
    const patch = pending.current;
    if (patch === null || halted.current) return Promise.resolve();
    const run = async () => {
      pending.current = null;
      setState({ kind: "saving" });
      let result: ActionResult<Saved> | null = null;
      try {
        result = await latest.current.save(patch, version.current);
      } catch {
        // The line to the server is down.
      }
      if (result?.ok) {
        version.current = result.data.version;
        keepCopy(pending.current);
        setState(pending.current ? { kind: "waiting" } : { kind: "saved", at: result.data.savedAt });
        return;
      }
      // What was not taken goes below what was typed since.
      pending.current = { ...patch, ...(pending.current as Patch | null) };
      keepCopy(pending.current);
      if (result === null) {
        setState({ kind: "offline" });
        timer.current = setTimeout(() => void flush(), retryMilliseconds);
      } else if (result.code.endsWith("version_conflict")) {
        halted.current = true;
        setState({ kind: "conflict" });
      } else setState({ kind: "refused", message: Object.values(result.fields ?? {})[0] ?? result.message });
    };
    running.current = run().finally(() => {
      running.current = null;
    });
    return running.current;
  }, [keepCopy]);

  const change = useCallback(
    (patch: Patch) => {
      pending.current = { ...(pending.current as Patch), ...patch };
      keepCopy(pending.current);
      if (halted.current) return;
      setState((before) => (before.kind === "saving" ? before : { kind: "waiting" }));
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), waitMilliseconds);
    },
    [flush, keepCopy],
  );

  /** After a conflict: saves what was typed here over what somebody else saved. */
  const keepMine = useCallback(async () => {
    const current = await latest.current.currentVersion();
    if (!current.ok) return setState({ kind: "refused", message: current.message });
    version.current = current.data;
    halted.current = false;
    await flush();
  }, [flush]);

  /** Throws away what was typed here since the last save. */
  const dropLocal = useCallback(() => {
    pending.current = null;
    keepCopy(null);
    setLocal(null);
  }, [keepCopy]);

  useEffect(() => {
    try {
      const text = localStorage.getItem(latest.current.storageKey);
      if (text) setLocal(JSON.parse(text) as LocalCopy<Patch>);
    } catch {
      // Not readable: nothing to bring back.
    }
    const saveNow = () => {
      if (document.visibilityState === "hidden") void flush();
    };
    document.addEventListener("visibilitychange", saveNow);
    return () => {
      document.removeEventListener("visibilitychange", saveNow);
      // Leaving by a link inside the app: the save goes on without the page.
      void flush();
    };
  }, [flush]);

  return { state, change, flush, keepMine, dropLocal, local, forgetLocal: () => setLocal(null), version };
}
