import { BarePage } from "#components/shell/bare-page.tsx";
import { NotFoundState } from "#components/shell/problem-state.tsx";

export default function NotFound() {
  return (
    <BarePage>
      <NotFoundState />
    </BarePage>
  );
}
