"use client";

import { useRef, useState } from "react";

/**
 * Sends a file as the body of a request and hears how far it is, which fetch cannot tell. `error` is the server's own
 * words, or "network" when the line broke.
 */
export function useUpload(onDone: (importId: string) => void) {
  const [file, setFile] = useState<File | null>(null);
  const [sent, setSent] = useState(0);
  const [error, setError] = useState<string | null>(null);
  const request = useRef<XMLHttpRequest | null>(null);

  function start(chosen: File) {
    const xhr = new XMLHttpRequest();
    request.current = xhr;
    setFile(chosen);
    setSent(0);
    setError(null);
    xhr.upload.onprogress = (event) => setSent(event.loaded);
    xhr.onload = () => {
      const answer = parse(xhr.responseText);
      if (xhr.status === 201 && answer.id) return onDone(answer.id);
      setFile(null);
      setError(answer.message ?? "network");
    };
    xhr.onerror = () => {
      setFile(null);
      setError("network");
    };
    xhr.onabort = () => setFile(null);
    xhr.open("POST", "/api/imports");
    xhr.setRequestHeader("x-file-name", encodeURIComponent(chosen.name));
    xhr.setRequestHeader("content-type", "application/octet-stream");
    xhr.send(chosen);
  }

  return { file, sent, error, start, cancel: () => request.current?.abort() };
}

function parse(text: string): { id?: string; message?: string } {
  try {
    return JSON.parse(text) as { id?: string; message?: string };
  } catch {
    return {};
  }
}

/** "1 GB", "512 MB". */
export function bytesInWords(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Math.round((bytes / 2 ** (10 * step)) * 10) / 10} ${units[step]}`;
}
