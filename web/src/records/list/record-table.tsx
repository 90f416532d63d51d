import { useVirtualizer } from "@tanstack/react-virtual";
import { Checkbox } from "antd";
import { memo, useEffect, useRef } from "react";
import { Link } from "react-router";
import type { RecordMeta, Row } from "@/api/types";
import { t } from "@/lib/words";
import { nameOf } from "@/records/data";
import { layout, leastWidth } from "@/records/list/column-widths";
import { HeadCell } from "@/records/list/head-cell";
import css from "@/records/list/record-table.module.css";
import { type Cell, useSlots } from "@/records/slots";
import { isNumber, plain, Value } from "@/records/values/value";

const ROW = 36;
type Props = {
  meta: RecordMeta;
  columns: string[];
  cells: Record<string, Cell> | undefined;
  rows: Row[];
  at: number;
  chosen: ReadonlySet<string>;
  toggle: (id: string) => void;
  chooseAll: (all: boolean) => void;
  sort: string | null;
  setSort: (sort: string | null) => void;
  peeked: string | null;
  peek: (row: Row, index: number) => void;
  more: () => void;
  busy: boolean;
};

type LineProps = Pick<Props, "meta" | "columns" | "cells" | "toggle" | "peek"> & {
  row: Row;
  index: number;
  here: boolean;
  peeked: boolean;
  chosen: boolean;
  tracks: string;
};

const Line = memo(function Line({
  meta,
  columns,
  cells,
  row,
  index,
  here,
  peeked,
  chosen,
  toggle,
  peek,
  tracks,
}: LineProps) {
  const name = nameOf(meta, row);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself hears the keys (j, k, enter, x, space)
    <div
      role="row"
      tabIndex={-1}
      id={`row-${row.id}`}
      aria-rowindex={index + 2}
      aria-selected={chosen}
      className={css.row}
      data-here={here}
      data-peeked={peeked}
      style={{ gridTemplateColumns: tracks }}
      onClick={() => peek(row, index)}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only keeps a tick from opening the row */}
      <div role="gridcell" tabIndex={-1} className={css.tick} onClick={(event) => event.stopPropagation()}>
        <Checkbox
          tabIndex={-1}
          checked={chosen}
          onChange={() => toggle(row.id)}
          aria-label={t("ui.list.choose", { name })}
        />
      </div>
      {columns.map((column, place) => {
        const field = meta.fields[column];
        if (!field) return null;
        const cell = cells?.[column];
        return (
          <div
            role="gridcell"
            key={column}
            className={css.cell}
            data-number={place > 0 && isNumber(field)}
            title={cell ? undefined : plain(field, row[column])}
          >
            {place === 0 ? (
              <Link
                to={`/${meta.plural}/${row.id}`}
                className={css.title}
                tabIndex={-1}
                onClick={(event) => event.stopPropagation()}
              >
                {cell ? cell(row) : nameOf(meta, row) || t("ui.value.unnamed")}
              </Link>
            ) : cell ? (
              cell(row)
            ) : (
              <Value field={field} value={row[column]} />
            )}
          </div>
        );
      })}
    </div>
  );
});

/** Rows under each other, drawn only where one looks; j and k walk, the row opens beside the list. */
export function RecordTable(props: Props) {
  const { meta, columns, rows, at, chosen, more, peeked } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { widths } = useSlots(meta.plural);
  const tracks = layout(meta, columns, widths);
  const least = { minInlineSize: leastWidth(meta, columns, widths) };
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollPaddingStart: ROW,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const drawn = virtual.getVirtualItems();
  const lastDrawn = drawn[drawn.length - 1]?.index ?? 0;
  useEffect(() => {
    if (lastDrawn >= rows.length - 20) more();
  }, [lastDrawn, rows.length, more]);
  useEffect(() => {
    if (at < 0) return;
    virtual.scrollToIndex(at);
    // The list has the keyboard while one walks in it: readers hear the row, and Tab leads out again.
    if (!scroller.current?.contains(document.activeElement)) scroller.current?.focus({ preventScroll: true });
  }, [at, virtual]);
  const all = rows.length > 0 && rows.every((row) => chosen.has(row.id));
  return (
    <div
      ref={scroller}
      className={css.scroller}
      role="grid"
      tabIndex={0}
      aria-label={meta.label.many}
      aria-rowcount={-1}
      aria-multiselectable
      aria-busy={props.busy}
      aria-activedescendant={at >= 0 && rows[at] ? `row-${rows[at].id}` : undefined}
    >
      <div role="rowgroup" className={css.headGroup} style={least}>
        <div role="row" className={css.head} aria-rowindex={1} style={{ gridTemplateColumns: tracks }}>
          <div role="columnheader" className={css.tick}>
            <Checkbox
              checked={all}
              indeterminate={chosen.size > 0 && !all}
              onChange={(event) => props.chooseAll(event.target.checked)}
              aria-label={t("ui.list.choose_all")}
            />
          </div>
          {columns.map((name, place) => {
            const field = meta.fields[name];
            const number = place > 0 && field && isNumber(field); // what a row is called by begins on the left
            return (
              field && (
                <HeadCell
                  key={name}
                  {...{ name, field, number: Boolean(number) }}
                  sort={props.sort}
                  setSort={props.setSort}
                />
              )
            );
          })}
        </div>
      </div>
      <div role="rowgroup" className={css.rows} style={{ ...least, height: virtual.getTotalSize() }}>
        <div
          className={css.window}
          role="presentation"
          style={{ transform: `translateY(${drawn[0]?.start ?? 0}px)` }}
        >
          {drawn.map(({ index, key }) => {
            const row = rows[index];
            return (
              row && (
                <Line
                  key={key}
                  {...{ meta, columns, row, index, tracks }}
                  cells={props.cells}
                  here={index === at}
                  peeked={row.id === peeked}
                  chosen={chosen.has(row.id)}
                  toggle={props.toggle}
                  peek={props.peek}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}
