import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import css from "@/features/customers/customer-head.module.css";
import { formatFigure, formatWhen } from "@/lib/format";
import { t } from "@/lib/words";
import { plain } from "@/records/values/value";
import { Figure } from "@/ui/figure";

const REVENUE = "commerce.revenue";
type Answer = { unit: string; total: { cases: number; sum: string | number | null } };

/** The most important about a customer: what they bought, and where they stand with us. */
export function CustomerHead({ row }: { row: Row }) {
  const meta = useMeta();
  const allowed = REVENUE in meta.measures;
  const where = JSON.stringify({ field: "customer", op: "is", value: row.id });
  const revenue = useQuery({
    queryKey: ["measures", REVENUE, where],
    queryFn: ({ signal }) => api.get<Answer>(`/api/measures/${REVENUE}`, { where }, signal),
    enabled: allowed,
  });
  const stage = meta.records.customers?.fields.lifecycle;
  const total = revenue.data?.total;
  return (
    <div className={css.head}>
      {allowed && (
        <Figure
          value={total ? formatFigure(Number(total.sum ?? 0), revenue.data?.unit ?? "money") : "–"}
          label={meta.measures[REVENUE]?.label ?? ""}
          note={t("ui.customer.orders", { n: total?.cases ?? 0 })}
          to={`/figures/${REVENUE}?where=${encodeURIComponent(where)}`}
        />
      )}
      {stage && typeof row.lifecycle === "string" && (
        <Figure
          value={plain(stage, row.lifecycle)}
          label={stage.label}
          note={
            typeof row.lifecycle_since === "string" &&
            t("ui.customer.since", { at: formatWhen(row.lifecycle_since) })
          }
        />
      )}
    </div>
  );
}
