import type { Count, RecordMeta } from "@/api/types";
import { formatNumber } from "@/lib/format";
import css from "@/records/list/list-name.module.css";

/** What a list is called, and how many there are. */
export function ListName({ meta, count }: { meta: RecordMeta; count: Count | null | undefined }) {
  return (
    <>
      {meta.label.many}
      {count && (
        <span className={css.count} aria-hidden>
          {formatNumber(count.n)}
          {!count.exact && "+"}
        </span>
      )}
    </>
  );
}
