import { Button, Segmented } from "antd";
import { useNavigate, useSearchParams } from "react-router";
import { useMe, useMeta } from "@/api/session";
import { EffectTable } from "@/features/marketing/effect-table";
import {
  BY,
  type By,
  datesOf,
  type Effects,
  PERIODS,
  spanBetween,
  spanOf,
  useEffects,
} from "@/features/marketing/effects";
import css from "@/features/marketing/effects-page.module.css";
import { PeriodChoice } from "@/features/marketing/period-choice";
import { Terms } from "@/features/marketing/terms";
import { formatDay } from "@/lib/format";
import { t } from "@/lib/words";
import { Tabs } from "@/records/list/tabs";
import { usePageTitle } from "@/ui/page-title";
import { Empty, ProblemNote, Skeleton } from "@/ui/states";

/** What works: all strategies beside each other, by strategy, channel or segment. */
export function EffectsPage() {
  const navigate = useNavigate();
  const mayCreate = useMeta().records.strategies?.create;
  usePageTitle(`${t("ui.place.marketing")} · ${t("ui.effect.title")}`, t("ui.place.marketing"));
  const { by, span, controls } = useWishes(BY);
  const effects = useEffects(by, span);
  return (
    <>
      <Tabs of="marketing" here="/effects" />
      <div className={css.page}>
        <p className={css.lead}>{t("ui.effect.lead")}</p>
        {controls}
        {effects.isPending && <Skeleton lines={10} />}
        {effects.isError && <ProblemNote error={effects.error} retry={() => void effects.refetch()} />}
        {effects.data && effects.data.rows.length === 0 && (
          <Empty
            inside
            title={t("ui.effect.none")}
            text={t("ui.effect.none_text", { days: effects.data.terms.window_days })}
          >
            {mayCreate && (
              <Button type="primary" onClick={() => navigate("/strategies/new")}>
                {t("ui.strategy.new")}
              </Button>
            )}
          </Empty>
        )}
        {effects.data && effects.data.rows.length > 0 && (
          <>
            <FirstKnown effects={effects.data} />
            <EffectTable effects={effects.data} span={span} />
            {comparesSeveral(effects.data) && <p className={css.note}>{t("ui.effect.compare_within")}</p>}
          </>
        )}
        {effects.data && <Terms effects={effects.data} />}
      </div>
    </>
  );
}

/** What one strategy came to, by channel or by segment. */
export function StrategyEffects({ strategy }: { strategy: string }) {
  const { by, span, controls } = useWishes(["channel", "segment"]);
  const effects = useEffects(by, span, strategy);
  if (effects.isPending) return <Skeleton lines={6} />;
  if (effects.isError) return <ProblemNote error={effects.error} retry={() => void effects.refetch()} />;
  const nothing = effects.data.rows.length === 0;
  return (
    <section className={css.section} aria-label={t("ui.effect.title")}>
      <h2>{t("ui.effect.title")}</h2>
      {controls}
      {nothing ? (
        <p className={css.note}>{t("ui.effect.none_yet")}</p>
      ) : (
        <>
          <FirstKnown effects={effects.data} />
          <EffectTable effects={effects.data} span={span} strategy={strategy} />
        </>
      )}
      <Terms effects={effects.data} />
    </section>
  );
}

/** When it is known for the first time who ordered, as long as it is not. */
function FirstKnown({ effects }: { effects: Effects }) {
  const at = effects.first_known_at;
  if (!at || new Date(at) < new Date()) return null;
  return <p className={css.note}>{t("ui.effect.first_known", { at: formatDay(at.slice(0, 10)) })}</p>;
}

/** Whether a row puts strategies together that were compared each with those it left alone itself. */
function comparesSeveral({ rows, total }: Effects): boolean {
  return [...rows, total].some((row) => row.compared > 1);
}

/** What is asked for stands in the address, so that a link shows the same. */
function useWishes(choices: readonly By[]) {
  const [params, setParams] = useSearchParams();
  const { zone } = useMe().company;
  const by = choices.find((one) => one === params.get("by")) ?? choices[0] ?? "strategy";
  const dates = datesOf(params.get("from"), params.get("to"));
  const days = PERIODS.find((one) => String(one) === params.get("days")) ?? 365;
  const span = dates ? spanBetween(dates, zone) : spanOf(days, zone);
  const set = (values: Record<string, string | null>) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(values)) value ? next.set(name, value) : next.delete(name);
        return next;
      },
      { replace: true },
    );
  const controls = (
    <div className={css.controls}>
      <Segmented<By>
        aria-label={t("ui.figure.split")}
        options={choices.map((value) => ({ value, label: t(`ui.effect.by_${value}`) }))}
        value={by}
        onChange={(value) => set({ by: value })}
      />
      <PeriodChoice
        {...{ days, dates, zone }}
        choose={(chosen) =>
          set(
            typeof chosen === "number"
              ? { days: String(chosen), from: null, to: null }
              : { days: null, ...chosen },
          )
        }
      />
    </div>
  );
  return { by, span, controls };
}
