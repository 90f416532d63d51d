import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Segmented, Select } from "antd";
import { useMemo } from "react";
import { useParams, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { useMe, useMeta } from "@/api/session";
import type { Condition, Row } from "@/api/types";
import { Bars, dimensionText } from "@/features/figures/bars";
import { CaseTable } from "@/features/figures/case-table";
import css from "@/features/figures/figure-page.module.css";
import { formatFigure, formatNumber, formatPeriod, formatShare } from "@/lib/format";
import { countingOf, told } from "@/lib/units";
import { inSentence, t } from "@/lib/words";
import { describe } from "@/records/conditions/sentence";
import { Figure } from "@/ui/figure";
import { useBackTitle } from "@/ui/page-title";
import { ProblemNote, Skeleton } from "@/ui/states";

export type Total = {
  cases: number;
  kept: number | null;
  missed: number | null;
  open: number;
  share: number | null;
  mean: number | null;
  p50: number | null;
  p90: number | null;
  sum: number | null;
};
export type Group = Total & { key: string | null; label: string | null };
type Answer = {
  name: string;
  label: string;
  unit: string;
  total: Total;
  groups: Group[];
  standard: { value: number | string; unit: string } | null;
};
type Cases = { record: string; rows: (Row & { value: unknown; open: boolean })[]; n: number; hidden: number };

/** Which cases are asked for, as the address says it. */
function condition(text: string | null): Condition | null {
  try {
    return text ? (JSON.parse(text) as Condition) : null;
  } catch {
    return null; // the server refuses it in words
  }
}

const PERIODS = ["day", "week", "month"];
const DAY = 86_400_000;

/** How it went shows what was before the period, too: a month of days, half a year of weeks, all months. */
function trend(by: string, end: string | null) {
  if (!PERIODS.includes(by)) return {};
  if (by === "month") return { start: null, end: null };
  const until = end ? new Date(end).getTime() : Date.now();
  return { start: new Date(until - (by === "day" ? 31 : 182) * DAY).toISOString() };
}

/** A figure with its unit, period and number of cases, by the month or what it can be split by, and the cases behind it. */
export function FigurePage() {
  // A dot would make the address look like a file, so the parts of the name stand as a path.
  const measure = (useParams()["*"] ?? "").replaceAll("/", ".");
  const [params, setParams] = useSearchParams();
  const all = useMeta();
  const meta = all.measures[measure];
  const { company } = useMe();
  const asked = useMemo(
    () => ({
      start: params.get("start"),
      end: params.get("end"),
      where: params.get("where"),
      counted_in: params.get("counted_in"),
    }),
    [params],
  );
  const counted_in = countingOf(asked.counted_in);
  const figureText = (value: number, unit: string) => told(value, unit, counted_in);
  const noun = all.records[meta?.over ?? ""];
  const where = condition(asked.where);
  const by = params.get("by") ?? "month";
  const missed = params.get("missed");
  const figure = useQuery({
    queryKey: ["measures", measure, asked],
    queryFn: ({ signal }) => api.get<Answer>(`/api/measures/${measure}`, asked, signal),
    placeholderData: keepPreviousData,
  });
  const split = useMemo(() => ({ ...asked, ...trend(by, asked.end), by }), [asked, by]);
  const groups = useQuery({
    queryKey: ["measures", measure, split],
    queryFn: async ({ signal }) => ({
      by,
      groups: (await api.get<Answer>(`/api/measures/${measure}`, split, signal)).groups,
    }),
    placeholderData: keepPreviousData,
  });
  const cases = useQuery({
    queryKey: ["measures", measure, "cases", asked, missed],
    queryFn: ({ signal }) =>
      api.get<Cases>(`/api/measures/${measure}/cases`, { ...asked, missed, limit: 200 }, signal),
    placeholderData: keepPreviousData,
  });
  useBackTitle(meta?.label ?? measure, "figures", t("ui.place.figures"));
  if (figure.isPending) return <Skeleton lines={10} />;
  if (figure.isError) return <ProblemNote error={figure.error} retry={() => void figure.refetch()} />;
  const { total, unit } = figure.data;
  const set = (name: string, value: string | null) =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    });
  const splits = [...PERIODS, "hour", "weekday", ...(meta?.dimensions ?? [])];
  return (
    <div className={css.page}>
      <h2 className={css.name}>{meta?.label ?? measure}</h2>
      <p className={css.help}>{meta?.help}</p>
      <p className={css.period}>{formatPeriod(asked.start, asked.end, company.zone)}</p>
      {counted_in !== "clock" && <p className={css.period}>{t(`ui.figure.counted_${counted_in}`)}</p>}
      {where && noun && (
        <p className={css.period}>
          {t("ui.value.labelled", { label: t("protocols.clause.scope"), value: describe(all, noun, where) })}
        </p>
      )}
      <div className={css.figures}>
        {unit !== "seconds" && total.sum !== null && (
          <Figure
            value={formatFigure(total.sum, unit)}
            label={t("ui.figure.sum")}
            note={t("ui.protocol.cases", { n: total.cases })}
          />
        )}
        {total.share !== null && (
          <Figure
            value={formatShare(total.share)}
            label={t("ui.figure.share")}
            note={t("ui.protocol.cases", { n: total.cases })}
          />
        )}
        {unit !== "share" && total.mean !== null && (
          <Figure value={figureText(total.mean, unit)} label={t("ui.figure.mean")} />
        )}
        {unit === "seconds" && total.p50 !== null && (
          <Figure value={figureText(total.p50, unit)} label={t("ui.figure.p50")} />
        )}
        {unit === "seconds" && total.p90 !== null && (
          <Figure value={figureText(total.p90, unit)} label={t("ui.figure.p90")} />
        )}
      </div>
      {total.cases > 0 && (
        <Select
          className={css.split}
          aria-label={t("ui.figure.split")}
          popupMatchSelectWidth={false}
          value={by}
          options={splits.map((value) => ({
            value,
            label: t("ui.figure.by", { dimension: inSentence(dimensionText(value)) }),
          }))}
          onChange={(value) => set("by", value === "month" ? null : value)}
        />
      )}
      {groups.isPending && <Skeleton lines={8} />}
      {groups.isError && <ProblemNote error={groups.error} retry={() => void groups.refetch()} />}
      {groups.data && groups.data.groups.length > 0 && (
        <Bars groups={groups.data.groups} {...{ unit, counted_in }} by={groups.data.by} />
      )}
      <div className={css.casesHead}>
        <h2>{t("ui.figure.cases")}</h2>
        {total.share !== null && total.missed !== null && (
          <Segmented
            size="small"
            aria-label={t("ui.figure.which")}
            options={[
              { value: "", label: t("ui.figure.all") },
              { value: "true", label: t("ui.figure.only_missed", { n: total.missed }) },
            ]}
            value={missed ?? ""}
            onChange={(value) => set("missed", value)}
          />
        )}
      </div>
      {cases.isPending && <Skeleton lines={8} />}
      {cases.isError && <ProblemNote error={cases.error} retry={() => void cases.refetch()} />}
      {cases.data && (
        <CaseTable record={cases.data.record} rows={cases.data.rows} {...{ unit, counted_in }} />
      )}
      {cases.data && cases.data.hidden > 0 && (
        <p className={css.hidden}>{t("ui.figure.hidden", { n: cases.data.hidden })}</p>
      )}
      {cases.data && cases.data.n > cases.data.rows.length && (
        <p className={css.hidden}>
          {t("ui.figure.first", { shown: formatNumber(cases.data.rows.length), n: cases.data.n })}
        </p>
      )}
    </div>
  );
}
