import { ChevronDown, ChevronUp } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import css from "@/features/marketing/effect-table.module.css";
import {
  type By,
  COLUMNS,
  type Column,
  caseCondition,
  casesAddress,
  type Effect,
  type Effects,
  type Share,
  type Span,
  sorted,
} from "@/features/marketing/effects";
import { formatMoney, formatNumber, formatShare } from "@/lib/format";
import { t } from "@/lib/words";

type Props = { effects: Effects; span: Span; strategy?: string };
type Cell = { column: Column | "left_alone"; address: string; children: ReactNode };

/** What strategies came to, a row each, with those left alone below; every figure opens its cases. */
export function EffectTable({ effects, span, strategy }: Props) {
  const [by, setBy] = useState<{ column: Column; up: boolean }>({ column: "contacted", up: false });
  const shown = COLUMNS.filter((column) => !effects.hidden.includes(column));
  const rows = sorted(effects.rows, by.column, by.up);
  const name = t(`dimension.${effects.by}`);
  const label = (column: Column) => t(`ui.effect.${column}`, { days: effects.terms.window_days });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
    <div className={css.scroller} tabIndex={0} role="region" aria-label={name}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{name}</th>
            {shown.map((column) => {
              const mine = by.column === column;
              const Arrow = mine && by.up ? ChevronUp : ChevronDown;
              return (
                <th
                  key={column}
                  scope="col"
                  className={css.number}
                  aria-sort={mine ? (by.up ? "ascending" : "descending") : "none"}
                >
                  <button
                    type="button"
                    className={css.sort}
                    onClick={() => setBy({ column, up: mine && !by.up })}
                  >
                    <Arrow size={12} aria-hidden className={mine ? "" : css.unsorted} />
                    {label(column)}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        {rows.map((row) => (
          <Rows
            key={row.key ?? ""}
            row={row}
            name={row.label || t(`ui.effect.no_${effects.by}`)}
            {...{ effects, shown, label }}
            where={(measure) => casesAddress(measure, caseCondition(effects.by, row, strategy), span)}
            link={effects.by !== "channel" && row.key ? linkOf(effects.by, row.key) : null}
          />
        ))}
        {rows.length > 1 && (
          <Rows
            row={effects.total}
            name={t("ui.effect.total")}
            {...{ effects, shown, label }}
            where={(measure) => casesAddress(measure, caseCondition(effects.by, null, strategy), span)}
            link={null}
          />
        )}
      </table>
    </div>
  );
}

function linkOf(by: By, key: string): string {
  return `/${by === "segment" ? "segments" : "strategies"}/${key}`;
}

type RowsProps = {
  row: Effect;
  name: string;
  effects: Effects;
  shown: Column[];
  label: (column: Column) => string;
  where: (measure: string) => string;
  link: string | null;
};

function Rows({ row, name, effects, shown, label, where, link }: RowsProps) {
  const alone = row.left_alone;
  const leftAlone = row.verdict && alone && alone.of + alone.open > 0 ? alone : null;
  return (
    <tbody>
      <tr className={leftAlone ? css.joined : ""}>
        <th scope="row">
          {link ? <Link to={link}>{name}</Link> : name}
          {row.sentence && <p className={css[row.verdict ?? ""] ?? css.sentence}>{row.sentence}</p>}
        </th>
        {shown.map((column) => (
          <td key={column} className={css.number} data-label={label(column)}>
            <Figure column={column} address={where(column)}>
              {said(row, column, effects.currency)}
            </Figure>
          </td>
        ))}
      </tr>
      {leftAlone && (
        <tr className={css.alone}>
          <th scope="row">{t("ui.effect.left_alone")}</th>
          {shown.map((column) => (
            <td
              key={column}
              className={css.number}
              data-label={column === "contacted" ? t("ui.effect.how_many") : label(column)}
            >
              {column === "contacted" && formatNumber(leftAlone.of + leftAlone.open)}
              {column === "converted" && (
                <Figure column="left_alone" address={where("left_alone")}>
                  <Percent share={leftAlone} />
                </Figure>
              )}
            </td>
          ))}
        </tr>
      )}
    </tbody>
  );
}

function said(row: Effect, column: Column, currency: string): ReactNode {
  const cell = row[column];
  if (cell === null) return null;
  if (typeof cell === "object") return cell.of || cell.open ? <Percent share={cell} /> : null;
  if (typeof cell === "number") return formatNumber(cell);
  return formatMoney({ amount: cell, currency }, Math.abs(Number(cell)) >= 1_000);
}

/** A figure that opens its cases; a dash where there is none to open. */
function Figure({ column, address, children }: Cell) {
  if (children === null) return "–";
  return (
    <Link to={address} className={css.figure} data-figure={column}>
      {children}
    </Link>
  );
}

/** A share with the bounds it lies between for 95 of 100, and of how many; who cannot be judged yet is said. */
function Percent({ share }: { share: Share }) {
  return (
    <>
      {share.value !== null && share.low !== null && share.high !== null && (
        <>
          <span className={css.value}>{formatShare(share.value)}</span>
          <span className={css.interval}>
            {t("ui.effect.interval", { low: formatShare(share.low, 0), high: formatShare(share.high, 0) })}
          </span>
          <span className={css.interval}>{t("ui.effect.n_of", { n: share.n, of: share.of })}</span>
        </>
      )}
      {share.open > 0 && <span className={css.interval}>{t("ui.effect.open", { n: share.open })}</span>}
    </>
  );
}
