import { useVirtualizer } from "@tanstack/react-virtual";
import { Checkbox } from "antd";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import type { RecordMeta, Row } from "@/api/types";
import { t } from "@/lib/words";
import { nameOf } from "@/records/data";
import { CardLines } from "@/records/list/record-card";
import css from "@/records/list/record-cards.module.css";
import type { Cell } from "@/records/slots";

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

const CARD = 64;

/** The same rows on a phone, the whole card under the thumb. */
export function RecordCards({ meta, columns, cells, rows, more, choosing, chosen, toggle }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD,
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const drawn = virtual.getVirtualItems();
  const lastDrawn = drawn[drawn.length - 1]?.index ?? 0;
  useEffect(() => {
    if (lastDrawn >= rows.length - 20) more();
  }, [lastDrawn, rows.length, more]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
    <div ref={scroller} className={css.scroller} tabIndex={0} role="region" aria-label={meta.label.many}>
      <ul className={css.cards} style={{ height: virtual.getTotalSize() }}>
        {drawn.map(({ index, key, start }) => {
          const row = rows[index];
          if (!row) return null;
          const name = nameOf(meta, row) || t("ui.value.unnamed");
          const inside = <CardLines {...{ meta, columns, cells, row, name }} />;
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
