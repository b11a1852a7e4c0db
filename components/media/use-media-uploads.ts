"use client";

import { useCallback, useRef, useState } from "react";
import type { MediaItem } from "#lib/media/find.ts";

export interface MediaUpload {
  key: number;
  name: string;
  size: number;
  sent: number;
  state: "waiting" | "sending" | "encoding" | "done" | "failed";
  /** The server's own words; "network" when the line broke, "too_large" when it was not even sent. */
  error?: string;
  file: File;
}

const atOnce = 2;

/** Uploads several pictures, two at a time, and hears how far each is, which fetch cannot tell. */
export function useMediaUploads({ maxBytes, onAdded }: { maxBytes: number; onAdded: (item: MediaItem) => void }) {
  const [uploads, setUploads] = useState<MediaUpload[]>([]);
  const waiting = useRef<MediaUpload[]>([]);
  const running = useRef(new Map<number, XMLHttpRequest>());
  const nextKey = useRef(1);
  const added = useRef(onAdded);
  added.current = onAdded;

  const change = useCallback((key: number, changes: Partial<MediaUpload>) => {
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  }, []);

  const pump = useCallback(() => {
    while (running.current.size < atOnce) {
      const next = waiting.current.shift();
      if (!next) return;
      const { key, file } = next;
      const end = (changes: Partial<MediaUpload>) => {
        running.current.delete(key);
        change(key, changes);
        pump();
      };
      change(key, { state: "sending", sent: 0, error: undefined });
      const request = send(file, {
        onSent: (sent) => change(key, { sent, state: sent >= file.size ? "encoding" : "sending" }),
        onDone: (item) => {
          end({ state: "done", sent: file.size });
          added.current(item);
        },
        onFailed: (error) => end({ state: "failed", error }),
      });
      running.current.set(key, request);
    }
  }, [change]);

  const take = useCallback(
    (files: readonly File[]) => {
      const fresh = files.map((file): MediaUpload => {
        const tooLarge = file.size > maxBytes;
        const key = nextKey.current++;
        const state = tooLarge ? "failed" : "waiting";
        return {
          key,
          name: file.name,
          size: file.size,
          sent: 0,
          state,
          error: tooLarge ? "too_large" : undefined,
          file,
        };
      });
      setUploads((all) => [...all.filter((one) => one.state !== "done"), ...fresh]);
      waiting.current.push(...fresh.filter((one) => one.state === "waiting"));
      pump();
    },
    [maxBytes, pump],
  );

  const retry = useCallback(
    (upload: MediaUpload) => {
      change(upload.key, { state: "waiting", error: undefined });
      waiting.current.push(upload);
      pump();
    },
    [change, pump],
  );

  /** Stops it if it runs, and takes it off the list. */
  const drop = useCallback(
    (key: number) => {
      waiting.current = waiting.current.filter((one) => one.key !== key);
      running.current.get(key)?.abort();
      running.current.delete(key);
      setUploads((all) => all.filter((one) => one.key !== key));
      pump();
    },
    [pump],
  );

  return { uploads, take, retry, drop };
}

interface Hearing {
  onSent: (bytes: number) => void;
  onDone: (item: MediaItem) => void;
  onFailed: (error: string) => void;
}

function send(file: File, { onSent, onDone, onFailed }: Hearing): XMLHttpRequest {
  const request = new XMLHttpRequest();
  request.upload.onprogress = (event) => onSent(event.loaded);
  request.onload = () => {
    const answer = parse(request.responseText);
    if (request.status === 201 && "id" in answer) onDone(answer);
    else onFailed("message" in answer && answer.message ? answer.message : "network");
  };
  request.onerror = () => onFailed("network");
  request.open("POST", "/api/media");
  request.setRequestHeader("x-file-name", encodeURIComponent(file.name.toWellFormed()));
  request.setRequestHeader("content-type", "application/octet-stream");
  request.send(file);
  return request;
}

function parse(text: string): MediaItem | { message: string } {
  try {
    return JSON.parse(text);
  } catch {
    return { message: "network" };
  }
}
