import { LoaderCircle } from "lucide-react";
import { cn } from "./cn.ts";

/** Purely visual: whoever shows it says in words what is being waited for. */
export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle aria-hidden="true" className={cn("size-4 animate-spin", className)} />;
}
