import { useVirtualizer } from "@tanstack/react-virtual";
import { Checkbox } from "antd";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import type { FieldMeta, RecordMeta, Row } from "@/api/types";
import { t } from "@/lib/words";
import { nameOf } from "@/records/data";
import css from "@/records/list/record-cards.module.css";
import type { Cell } from "@/records/slots";
import { isEmpty, isNumber, plain, Value } from "@/records/values/value";

type Props = {
  meta: RecordMeta;
  columns: string[];
  cells: Record<string, Cell> | undefined;
  rows: Row[];
  more: () => void;
  /** A touch ticks a card instead of opening it. */
  choosing: boolean;
  chosen: ReadonlySet<string>;
  toggle: (id: string) => void;
};

const MOST_FACTS = 3;

/** A number or a yes says nothing without its name; money and times do. */
function Fact({ field, value }: { field: FieldMeta; value: unknown }) {
  if (field.kind === "boolean") return field.label;
  if (isNumber(field) && field.kind !== "money")
    return t("ui.value.labelled", { label: field.label, value: plain(field, value) });
  return <Value field={field} value={value} />;
}

/** The same rows on a phone: a name and the few facts that are there, the whole card under the thumb. */
export function RecordCards({ meta, columns, cells, rows, more, choosing, chosen, toggle }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 76,
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const drawn = virtual.getVirtualItems();
  const lastDrawn = drawn[drawn.length - 1]?.index ?? 0;
  useEffect(() => {
    if (lastDrawn >= rows.length - 20) more();
  }, [lastDrawn, rows.length, more]);
  const facts = columns.slice(1).filter((name) => meta.fields[name]);
  /** The first few that are there, and what a feature draws itself or costs something: that is why one looks. */
  const toSay = (row: Row) => {
    const known = facts.filter((name) => cells?.[name] || (row[name] !== false && !isEmpty(row[name])));
    const weighty = known.find(
      (name) => !isEmpty(row[name]) && (cells?.[name] || meta.fields[name]?.kind === "money"),
    );
    return known.filter((name, place) => place < MOST_FACTS || name === weighty);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
    <div ref={scroller} className={css.scroller} tabIndex={0} role="region" aria-label={meta.label.many}>
      <ul className={css.cards} style={{ height: virtual.getTotalSize() }}>
        {drawn.map(({ index, key, start }) => {
          const row = rows[index];
          if (!row) return null;
          const name = nameOf(meta, row) || t("ui.value.unnamed");
          const inside = (
            <>
              <span className={css.title}>{name}</span>
              <span className={css.facts}>
                {toSay(row).map((fact) => {
                  const field = meta.fields[fact];
                  return (
                    field && (
                      <span key={fact}>
                        {cells?.[fact]?.(row) ?? <Fact field={field} value={row[fact]} />}
                      </span>
                    )
                  );
                })}
              </span>
            </>
          );
          return (
            <li
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              className={css.place}
              style={{ transform: `translateY(${start}px)` }}
            >
              {choosing ? (
                <Checkbox
                  className={css.choice ?? ""}
                  data-chosen={chosen.has(row.id)}
                  checked={chosen.has(row.id)}
                  onChange={() => toggle(row.id)}
                  aria-label={t("ui.list.choose", { name })}
                >
                  <span className={css.inside}>{inside}</span>
                </Checkbox>
              ) : (
                <Link to={`/${meta.plural}/${row.id}`} className={css.card}>
                  {inside}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
