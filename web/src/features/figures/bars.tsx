import css from "@/features/figures/bars.module.css";
import type { Group } from "@/features/figures/figure-page";
import {
  formatDayOfYear,
  formatHour,
  formatMonth,
  formatNumber,
  formatShare,
  formatWeekday,
} from "@/lib/format";
import { countryName } from "@/lib/regions";
import { type Counting, told } from "@/lib/units";
import { has, t } from "@/lib/words";

const SHOWN = 32;
/** How the keys of a split by time are read. */
const TIMES: Record<string, (key: string) => string> = {
  day: formatDayOfYear,
  week: formatDayOfYear,
  month: formatMonth,
  hour: (key) => formatHour(Number(key)),
  weekday: (key) => formatWeekday(Number(key)),
};

/** What a figure is split by, as a heading says it. */
export function dimensionText(by: string): string {
  return has(`dimension.${by}`) ? t(`dimension.${by}`) : by;
}

type Props = { groups: Group[]; unit: string; counted_in: Counting; by: string };

/** Bars from zero, each with its number and the number of cases: a table that can be seen as well as read. */
export function Bars({ groups, unit, counted_in, by }: Props) {
  const shares = groups.some((group) => group.share !== null);
  const value = (group: Group) =>
    shares ? group.share : unit === "seconds" ? group.mean : (group.sum ?? group.cases);
  const shown = groups.filter((group) => group.key !== null).slice(-SHOWN);
  const top = shares ? 1 : Math.max(...shown.map((group) => value(group) ?? 0), 1e-9);
  const name = ({ key, label }: Group) => {
    const time = TIMES[by];
    if (time && key) return time(key);
    if (by === "country" && key) return countryName(key);
    const channel = `channels.conversation.channel.${key}`;
    return by === "channel" && has(channel) ? t(channel) : label || key || "–";
  };
  const said = (n: number | null) => (n === null ? "–" : shares ? formatShare(n) : told(n, unit, counted_in));
  return (
    <table className={css.bars}>
      <thead>
        <tr className={css.row}>
          <th scope="col">{dimensionText(by)}</th>
          <td />
          <th scope="col" className={css.value}>
            {t("ui.figure.value")}
          </th>
          <th scope="col" className={css.cases}>
            {t("ui.figure.cases")}
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((group) => (
          <tr key={group.key} className={css.row}>
            <th scope="row" className={css.name} title={name(group)}>
              {name(group)}
            </th>
            <td className={css.track} aria-hidden>
              {value(group) !== null && (
                <span
                  className={css.bar}
                  style={{ inlineSize: `${(Math.max(0, value(group) ?? 0) / top) * 100}%` }}
                />
              )}
            </td>
            <td className={css.value}>{said(value(group))}</td>
            <td className={css.cases}>{formatNumber(group.cases)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
