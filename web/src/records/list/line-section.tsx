import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Condition, Row } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { t } from "@/lib/words";
import { useCount, useRows } from "@/records/data";
import css from "@/records/list/line-section.module.css";
import { ProblemNote, Skeleton } from "@/ui/states";

/** How one line of such a list is built. */
export const sectionLine = css;

type Props = {
  plural: string;
  title: string;
  none: string;
  where: Condition;
  sort: string;
  to?: string;
  line: (row: Row) => ReactNode;
  foot?: ReactNode;
};
const SHOWN = 8;

/** A short list with its number, and the way to all of it. */
export function LineSection({ plural, title, none, where, sort, to, line, foot }: Props) {
  const wish = { where, sort };
  const list = useRows(plural, wish);
  const count = useCount(plural, wish);
  const rows = list.data?.pages[0]?.rows ?? [];
  const all = to ?? `/${plural}?where=${encodeURIComponent(JSON.stringify(where))}&sort=${sort}`;
  return (
    <section className={css.section}>
      <header className={css.head}>
        <h2>
          <Link to={all}>{title}</Link>
        </h2>
        {count.data && count.data.n > 0 && <span className={css.count}>{formatNumber(count.data.n)}</span>}
      </header>
      {list.isPending && <Skeleton lines={3} />}
      {list.isError && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <p className={css.none}>{none}</p>}
      <ul>
        {rows.slice(0, SHOWN).map((row) => (
          <li key={row.id} className={css.item}>
            {line(row)}
          </li>
        ))}
      </ul>
      {count.data && count.data.n > SHOWN && (
        <Link to={all} className={css.all}>
          {t("ui.today.all", { n: count.data.n })}
        </Link>
      )}
      {foot}
    </section>
  );
}
