import { Link } from "react-router";
import { useRecordMeta } from "@/api/session";
import type { Reference } from "@/api/types";
import { reasonText } from "@/features/marketing/dry-run";
import css from "@/features/marketing/strategy-page.module.css";
import { formatWhen } from "@/lib/format";
import { t } from "@/lib/words";
import { useRows } from "@/records/data";

const NEWEST = { sort: "-created_at" };
const SHOWN = 10;

/** What became of those who were meant. */
export function Recipients({ strategy }: { strategy: string }) {
  const meta = useRecordMeta("recipients");
  const list = useRows("recipients", NEWEST, `/api/strategies/${strategy}/recipients`);
  const rows = list.data?.pages[0]?.rows ?? [];
  const where = JSON.stringify({ field: "strategy", op: "is", value: strategy });
  const state = (value: unknown) =>
    meta?.fields.state?.choices?.find((choice) => choice.value === value)?.label ?? String(value);
  if (!rows.length) return null;
  return (
    <section aria-label={meta?.label.many}>
      <h2>{meta?.label.many}</h2>
      <ul className={css.reasons}>
        {rows.slice(0, SHOWN).map((row) => {
          const customer = row.customer as Reference | null;
          const at = row.answered_at ?? row.sent_at;
          return (
            <li key={row.id}>
              {customer && <Link to={`/customers/${customer.id}`}>{customer.label}</Link>}
              <span className={css.note}>
                {state(row.state)}
                {typeof row.reason === "string" && row.reason && ` · ${reasonText(row.reason)}`}
                {typeof at === "string" && ` · ${formatWhen(at)}`}
              </span>
            </li>
          );
        })}
      </ul>
      <Link to={`/recipients?where=${encodeURIComponent(where)}`}>{t("ui.record.all_related")}</Link>
    </section>
  );
}
