import { useState } from "react";
import { Link } from "react-router";
import { useMeta } from "@/api/session";
import type { Condition, Reference, Row } from "@/api/types";
import { NextDue } from "@/features/service/clocks";
import { t } from "@/lib/words";
import { useCount } from "@/records/data";
import { sectionLine as css, LineSection } from "@/records/list/line-section";

const SOON: Condition = { field: "next_due_at", op: "next", value: { days: 2 } };

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

/** Those whose promise is broken already: a number, and the way to them. */
function Over() {
  const [now] = useState(() => new Date().toISOString());
  const where: Condition = { field: "next_due_at", op: "lt", value: now };
  const over = useCount("tickets", { where });
  if (!over.data?.n) return null;
  return (
    <Link
      className={css.over}
      to={`/tickets?where=${encodeURIComponent(JSON.stringify(where))}&sort=next_due_at`}
    >
      {t("ui.today.over", { n: over.data.n })}
    </Link>
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
      where={SOON}
      sort="next_due_at"
      line={(row) => <Line row={row} />}
      foot={<Over />}
    />
  );
}
