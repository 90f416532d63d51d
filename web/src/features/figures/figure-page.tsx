import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useMemo } from "react";
import { useParams, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import { Bars } from "@/features/figures/bars";
import { CaseTable } from "@/features/figures/case-table";
import css from "@/features/figures/figure-page.module.css";
import { formatDay, formatFigure, formatNumber, formatShare } from "@/lib/format";
import { t } from "@/lib/words";
import { Figure } from "@/ui/figure";
import { usePageTitle } from "@/ui/page-title";
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

/** A figure with its unit, period and number of cases, by the month, and the cases behind it. */
export function FigurePage() {
  // A dot would make the address look like a file, so the parts of the name stand as a path.
  const measure = (useParams()["*"] ?? "").replaceAll("/", ".");
  const [params, setParams] = useSearchParams();
  const meta = useMeta().measures[measure];
  const asked = useMemo(
    () => ({ start: params.get("start"), end: params.get("end"), where: params.get("where") }),
    [params],
  );
  const by = params.get("by") ?? "month";
  const missed = params.get("missed");
  const figure = useQuery({
    queryKey: ["measures", measure, asked],
    queryFn: ({ signal }) => api.get<Answer>(`/api/measures/${measure}`, asked, signal),
    placeholderData: keepPreviousData,
  });
  const groups = useQuery({
    queryKey: ["measures", measure, asked.where, by],
    queryFn: ({ signal }) => api.get<Answer>(`/api/measures/${measure}`, { where: asked.where, by }, signal),
    placeholderData: keepPreviousData,
  });
  const cases = useQuery({
    queryKey: ["measures", measure, "cases", asked, missed],
    queryFn: ({ signal }) =>
      api.get<Cases>(`/api/measures/${measure}/cases`, { ...asked, missed, limit: 200 }, signal),
    placeholderData: keepPreviousData,
  });
  usePageTitle(meta?.label ?? measure);
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
  const period =
    asked.start && asked.end
      ? t("ui.protocol.from_to", { from: formatDay(asked.start), to: formatDay(asked.end) })
      : t("ui.figure.ever");
  return (
    <div className={css.page}>
      <p className={css.help}>{meta?.help}</p>
      <p className={css.period}>{period}</p>
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
          <Figure value={formatFigure(total.mean, unit)} label={t("ui.figure.mean")} />
        )}
        {unit === "seconds" && total.p50 !== null && (
          <Figure value={formatFigure(total.p50, unit)} label={t("ui.figure.p50")} />
        )}
        {unit === "seconds" && total.p90 !== null && (
          <Figure value={formatFigure(total.p90, unit)} label={t("ui.figure.p90")} />
        )}
      </div>
      {groups.data && groups.data.groups.length > 1 && (
        <Bars groups={groups.data.groups} unit={unit} by={by} />
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
      {cases.isError && <ProblemNote error={cases.error} />}
      {cases.data && <CaseTable record={cases.data.record} rows={cases.data.rows} unit={unit} />}
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
