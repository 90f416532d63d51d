import { Link } from "react-router";
import { useMeta } from "@/api/session";
import type { Condition, Reference, Row } from "@/api/types";
import { NextDue } from "@/features/service/clocks";
import { t } from "@/lib/words";
import { sectionLine as css, LineSection } from "@/records/list/line-section";

const RUNNING: Condition = { field: "next_due_at", op: "not_empty" };

function Line({ row }: { row: Row }) {
  return (
    <div className={css.line}>
      <Link className={css.main} to={`/tickets/${row.id}`}>
        <span className={css.title}>{String(row.subject)}</span>
        <span className={css.note}>
          {[row.number, (row.customer as Reference | null)?.label].filter(Boolean).join(" · ")}
        </span>
      </Link>
      <NextDue row={row} />
    </div>
  );
}

/** Matters whose promise ends next. */
export function AboutToBreak() {
  if (!("tickets" in useMeta().records)) return null;
  return (
    <LineSection
      plural="tickets"
      title={t("ui.today.breaking")}
      none={t("ui.today.breaking_none")}
      where={RUNNING}
      sort="next_due_at"
      line={(row) => <Line row={row} />}
    />
  );
}
