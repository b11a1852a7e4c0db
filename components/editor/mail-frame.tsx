"use client";

import { useCallback, useEffect, useRef } from "react";

interface MailFrameProps {
  html: string;
  title: string;
  className?: string;
}

/**
 * A mail that changes while somebody types. The frame's document comes from us with a policy of its own and the
 * sandbox allows no scripts; allow-same-origin only lets this page put the mail in without losing the scroll position.
 */
export function MailFrame({ html, title, className }: MailFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const latest = useRef(html);
  latest.current = html;

  const show = useCallback(() => {
    const inside = frame.current?.contentDocument;
    if (!inside?.documentElement || inside.URL === "about:blank") return;
    const scroller = inside.scrollingElement;
    const top = scroller?.scrollTop ?? 0;
    const mail = new DOMParser().parseFromString(latest.current, "text/html");
    inside.replaceChild(inside.adoptNode(mail.documentElement), inside.documentElement);
    // A click would lead the frame away from the mail; a new window is what the sandbox refuses.
    const base = inside.createElement("base");
    base.target = "_blank";
    inside.head.prepend(base);
    inside.scrollingElement?.scrollTo(0, top);
  }, []);

  useEffect(() => {
    if (html !== "") show();
  }, [html, show]);

  return (
    <iframe
      ref={frame}
      title={title}
      src="/api/previews/frame"
      sandbox="allow-same-origin"
      referrerPolicy="no-referrer"
      onLoad={show}
      className={className}
    />
  );
}
