import { useTranslations } from "next-intl";
import { Callout } from "#components/ui/callout.tsx";
import { Progress } from "#components/ui/progress.tsx";

/** How far a decision about many messages has come. */
export function DecisionProgress({ deciding }: { deciding: { decision: string; done: number; of: number } }) {
  const t = useTranslations("decisions");
  const { decision, done, of } = deciding;
  return (
    <Callout tone="info" title={t(`button.${decision}`)}>
      <Progress
        label={t("underWayText")}
        value={done}
        max={Math.max(1, of)}
        valueText={t("progress", { done, of })}
        className="mt-1"
      />
    </Callout>
  );
}
