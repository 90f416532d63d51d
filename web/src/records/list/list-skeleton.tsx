import type { RecordMeta } from "@/api/types";
import { usePhone } from "@/lib/use-phone";
import { layout, leastWidth } from "@/records/list/column-widths";
import css from "@/records/list/list-skeleton.module.css";
import cards from "@/records/list/record-cards.module.css";
import table from "@/records/list/record-table.module.css";
import { useSlots } from "@/records/slots";
import { Bone, Shape } from "@/ui/states";

const ROWS = 20;
/** How much of their place words take, row by row: no two rows beside each other are alike. */
const SHARES = [64, 48, 72, 40, 56];

/** The list before its rows are there: its columns or its cards, where they will stand. */
export function ListSkeleton({ meta, columns }: { meta: RecordMeta; columns: string[] }) {
  const phone = usePhone();
  const { widths } = useSlots(meta.plural);
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const share = (row: number, column: number) => SHARES[(row + 2 * column) % SHARES.length] ?? 60;
  if (phone) {
    return (
      <Shape className={css.body}>
        {rows.map((row) => (
          <div key={row} className={cards.card}>
            <span className={css.name}>
              <Bone share={share(row, 0)} />
            </span>
            <span />
            <span className={css.small}>
              <Bone share={share(row, 1)} />
            </span>
          </div>
        ))}
      </Shape>
    );
  }
  const style = {
    gridTemplateColumns: layout(meta, columns, widths),
    minInlineSize: leastWidth(meta, columns, widths),
  };
  return (
    <Shape className={css.body}>
      {[-1, ...rows].map((row) => (
        <div key={row} className={row < 0 ? table.head : `${table.row} ${css.still}`} style={style}>
          <span />
          {columns.map((name, column) => (
            <span key={name} className={table.cell}>
              <Bone share={share(row + 1, column)} />
            </span>
          ))}
        </div>
      ))}
    </Shape>
  );
}
