import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Condition, Row } from "@/api/types";
import css from "@/features/customers/customer-head.module.css";
import { formatFigure, formatWhen } from "@/lib/format";
import { t } from "@/lib/words";
import { plain } from "@/records/values/value";
import { Figure } from "@/ui/figure";
import { Hint } from "@/ui/hint";

const REVENUE = "commerce.revenue";
const ORDERS = "commerce.orders";
type Answer = { unit: string; total: { cases: number; sum: string | number | null } };

const of = (field: string, id: string): Condition => ({ field, op: "is", value: id });
/** What was taken back is a document of its own and no order. */
const SALE: Condition = { field: "kind", op: "is", value: "sale" };

function useTotal(name: string, condition: Condition) {
  const allowed = name in useMeta().measures;
  const where = JSON.stringify(condition);
  const figure = useQuery({
    queryKey: ["measures", name, where],
    queryFn: ({ signal }) => api.get<Answer>(`/api/measures/${name}`, { where }, signal),
    enabled: allowed,
  });
  return { allowed, where, unit: figure.data?.unit ?? "money", total: figure.data?.total };
}

/** The most important about a customer: what they bought, and where they stand with us. */
export function CustomerHead({ row }: { row: Row }) {
  const meta = useMeta();
  const { allowed, where, unit, total } = useTotal(REVENUE, of("order.customer", row.id));
  const orders = useTotal(ORDERS, { and: [of("customer", row.id), SALE] }).total;
  const stage = meta.records.customers?.fields.lifecycle;
  const means = stage?.choices?.find(({ value }) => value === row.lifecycle)?.help;
  return (
    <div className={css.head}>
      {allowed && (
        <Figure
          value={total ? formatFigure(Number(total.sum ?? 0), unit) : "–"}
          label={meta.measures[REVENUE]?.label ?? ""}
          note={t("ui.customer.orders", { n: orders?.cases ?? 0 })}
          to={`/figures/commerce/revenue?where=${encodeURIComponent(where)}`}
        />
      )}
      {stage && typeof row.lifecycle === "string" && (
        <Figure
          value={plain(stage, row.lifecycle)}
          label={
            <>
              {stage.label}
              {means && <Hint about={t("ui.customer.stage_means")} text={means} />}
            </>
          }
          note={
            typeof row.lifecycle_since === "string" &&
            t("ui.customer.since", { at: formatWhen(row.lifecycle_since) })
          }
        />
      )}
    </div>
  );
}
