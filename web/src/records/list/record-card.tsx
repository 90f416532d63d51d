import type { ReactNode } from "react";
import type { FieldMeta, RecordMeta, Row } from "@/api/types";
import { t } from "@/lib/words";
import { nameOf } from "@/records/data";
import css from "@/records/list/record-cards.module.css";
import type { Cell } from "@/records/slots";
import { isEmpty, isNumber, plain, Value } from "@/records/values/value";

type Cells = Record<string, Cell> | undefined;
type Told = { weight: string | undefined; time: string | undefined; facts: string[] };

const MOST_FACTS = 2;
const TIMES: ReadonlySet<string> = new Set(["date", "datetime"]);

/** A number or a yes says nothing without its name; money and times do. */
function Fact({ field, value }: { field: FieldMeta; value: unknown }) {
  if (field.kind === "boolean") return field.label;
  if (isNumber(field) && field.kind !== "money")
    return t("ui.value.labelled", { label: field.label, value: plain(field, value) });
  return <Value field={field} value={value} />;
}

/** What a card tells of a row: what it weighs (what a feature draws itself, or money), when it was, and a few facts. */
export function toTell(meta: RecordMeta, columns: string[], cells: Cells, row: Row): Told {
  const known = columns.filter(
    (name) => name !== meta.title && meta.fields[name] && row[name] !== false && !isEmpty(row[name]),
  );
  const weight = known.find((name) => cells?.[name] || meta.fields[name]?.kind === "money");
  const isTime = (name: string) =>
    name !== weight && TIMES.has(meta.fields[name]?.kind ?? "") && !isEmpty(row[name]);
  const time = [(meta.sort ?? "").replace(/^-/, ""), ...known].find(isTime);
  const facts = known.filter((name) => name !== weight && name !== time).slice(0, MOST_FACTS);
  return { weight, time, facts };
}

/** A row on a phone, in two lines: its name and what it weighs, then the facts that are there and when it was. */
export function CardLines({
  meta,
  columns,
  cells,
  row,
  name = nameOf(meta, row),
  weight,
}: {
  meta: RecordMeta;
  columns: string[];
  cells?: Cells;
  row: Row;
  name?: string;
  /** What matters more here than what a row of this kind weighs anyway. */
  weight?: ReactNode;
}) {
  const told = toTell(meta, columns, cells, row);
  const say = (which: string | undefined) => {
    const field = which && meta.fields[which];
    return field && (cells?.[which]?.(row) ?? <Fact field={field} value={row[which]} />);
  };
  return (
    <>
      <span className={css.title}>{name || t("ui.value.unnamed")}</span>
      <span className={css.weight}>{weight ?? say(told.weight)}</span>
      <span className={css.facts}>
        {told.facts.map((fact) => (
          <span key={fact}>{say(fact)}</span>
        ))}
      </span>
      <span className={css.time}>{say(told.time)}</span>
    </>
  );
}
