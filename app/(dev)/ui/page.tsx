import { notFound } from "next/navigation";
import { Gallery } from "./gallery.tsx";

export const metadata = { title: "UI" };

/** Every component on one page, to look at and for the accessibility test. It does not exist in production. */
export default function GalleryPage() {
  if (process.env.NODE_ENV === "production") notFound();
  return <Gallery />;
}
