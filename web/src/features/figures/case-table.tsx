import { Link } from "react-router";
import { useRecordMeta } from "@/api/session";
import type { RecordMeta, Row } from "@/api/types";
import css from "@/features/figures/case-table.module.css";
import { type Counting, told } from "@/lib/units";
import { usePhone } from "@/lib/use-phone";
import { t } from "@/lib/words";
import { nameOf } from "@/records/data";
import { CardLines } from "@/records/list/record-card";
import cards from "@/records/list/record-cards.module.css";
import { plain, Value } from "@/records/values/value";

type Props = {
  record: string;
  rows: (Row & { value: unknown; open: boolean })[];
  unit: string;
  counted_in: Counting;
};

/** A case by its name, or by the first thing that is known of it. */
function named(meta: RecordMeta | undefined, row: Row): string {
  const said = Object.entries(meta?.fields ?? {}).find(
    ([name, field]) => field.kind === "reference" && row[name],
  );
  return nameOf(meta, row) || (said && plain(said[1], row[said[0]])) || t("ui.value.unnamed");
}

/** The cases a figure is made of, each leading to its record. */
export function CaseTable({ record, rows, unit, counted_in }: Props) {
  const meta = useRecordMeta(record);
  const phone = usePhone();
  if (!rows.length) return <p className={css.none}>{t("ui.figure.no_cases")}</p>;
  const to = (row: Row) => (record === "conversations" ? `/inbox/${row.id}` : `/${record}/${row.id}`);
  const figure = ({ value, open }: (typeof rows)[number]) => {
    if (value === null) return open ? t("ui.figure.still_open") : "–";
    return told(Number(value), unit, counted_in);
  };
  if (phone && meta) {
    return (
      <section aria-label={t("ui.figure.cases")}>
        <ul className={css.cards}>
          {rows.map((row) => (
            <li key={row.id}>
              <Link to={to(row)} className={cards.card}>
                <CardLines
                  {...{ meta, row }}
                  columns={meta.columns}
                  name={named(meta, row)}
                  weight={figure(row)}
                />
              </Link>
            </li>
          ))}
        </ul>
      </section>
    );
  }
  const columns = (meta?.columns ?? [])
    .filter((name) => name !== meta?.title && meta?.fields[name])
    .slice(0, 4);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
    <div className={css.scroller} tabIndex={0} role="region" aria-label={t("ui.figure.cases")}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{meta?.label.one ?? ""}</th>
            {columns.map((name) => (
              <th key={name} scope="col">
                {meta?.fields[name]?.label}
              </th>
            ))}
            <th scope="col" className={css.number}>
              {t("ui.figure.value")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <Link to={to(row)}>{named(meta, row)}</Link>
              </th>
              {columns.map((name) => {
                const field = meta?.fields[name];
                return <td key={name}>{field && <Value field={field} value={row[name]} />}</td>;
              })}
              <td className={css.number}>{figure(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
