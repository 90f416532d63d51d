import css from "@/features/figures/bars.module.css";
import type { Group } from "@/features/figures/figure-page";
import { formatFigure, formatMonth, formatShare } from "@/lib/format";
import { t } from "@/lib/words";

const SHOWN = 24;

/** Bars from zero, each with its number and the number of cases: a list that can be seen as well as read. */
export function Bars({ groups, unit, by }: { groups: Group[]; unit: string; by: string }) {
  const shares = groups.some((group) => group.share !== null);
  const value = (group: Group) =>
    shares ? (group.share ?? 0) : unit === "seconds" ? (group.mean ?? 0) : (group.sum ?? group.cases);
  const shown = groups.filter((group) => group.key !== null).slice(-SHOWN);
  const top = shares ? 1 : Math.max(...shown.map(value), 1e-9);
  const name = (group: Group) =>
    by === "month" && group.key ? formatMonth(group.key) : (group.label ?? group.key ?? "");
  return (
    <ol className={css.bars} aria-label={t("ui.figure.by_month")}>
      {shown.map((group) => (
        <li key={group.key} className={css.row}>
          <span className={css.name}>{name(group)}</span>
          <span className={css.track} aria-hidden>
            <span className={css.bar} style={{ inlineSize: `${(Math.max(0, value(group)) / top) * 100}%` }} />
          </span>
          <span className={css.value}>
            {shares ? formatShare(value(group)) : formatFigure(value(group), unit)}
          </span>
          <span className={css.cases}>{t("ui.protocol.cases", { n: group.cases })}</span>
        </li>
      ))}
    </ol>
  );
}
