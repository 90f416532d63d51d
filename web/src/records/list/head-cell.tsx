import { ArrowDown, ArrowUp } from "lucide-react";
import type { FieldMeta } from "@/api/types";
import css from "@/records/list/record-table.module.css";

/** A heading; where a list can be sorted by it, a button that turns the order. */
export function HeadCell({
  name,
  field,
  number,
  sort,
  setSort,
}: { name: string; field: FieldMeta; number: boolean } & {
  sort: string | null;
  setSort: (sort: string | null) => void;
}) {
  const direction = sort === name ? "ascending" : sort === `-${name}` ? "descending" : "none";
  const Arrow = direction === "descending" ? ArrowDown : ArrowUp;
  if (!field.sortable) {
    return (
      <div role="columnheader" className={css.headCell} data-number={number}>
        <span className={css.headText}>{field.label}</span>
      </div>
    );
  }
  return (
    <div role="columnheader" aria-sort={direction} className={css.headCell} data-number={number}>
      <button
        type="button"
        className={css.sort}
        onClick={() => setSort(direction === "none" ? name : direction === "ascending" ? `-${name}` : null)}
      >
        <span className={css.headText}>{field.label}</span>
        <Arrow size={12} aria-hidden className={css.arrow} data-on={direction !== "none"} />
      </button>
    </div>
  );
}
