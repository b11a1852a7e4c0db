import { notFound } from "next/navigation";
import { config } from "#lib/config.ts";
import { Gallery } from "./gallery.tsx";

export const metadata = { title: "UI" };

/** Every component on one page, to look at and for the accessibility test. In production it exists only by a setting. */
export default function GalleryPage() {
  if (process.env.NODE_ENV === "production" && !config().POSTHORN_UI_GALLERY) notFound();
  return <Gallery />;
}
