import { Link } from "react-router";
import { useRecordMeta } from "@/api/session";
import type { Condition, Reference, Row } from "@/api/types";
import { NextDue } from "@/features/service/clocks";
import css from "@/features/service/open-tickets.module.css";
import { useRows } from "@/records/data";
import { plain } from "@/records/values/value";

const DONE = ["solved", "closed", "confirmed"];

/** What is open with the customer of a conversation: each matter with the clock that runs. */
export function OpenTickets({ row }: { row: Row }) {
  const meta = useRecordMeta("tickets");
  const customer = row.customer as Reference | null;
  const where: Condition = {
    and: [
      { field: "customer", op: "is", value: customer?.id },
      { field: "status", op: "not_in", value: DONE },
    ],
  };
  const list = useRows("tickets", { where, sort: "next_due_at" });
  const rows = list.data?.pages[0]?.rows ?? [];
  if (!meta || rows.length === 0) return null;
  return (
    <ul className={css.tickets} aria-label={meta.label.many}>
      {rows.map((ticket) => (
        <li key={ticket.id}>
          <Link to={`/tickets/${ticket.id}`} className={css.ticket}>
            <span className={css.kind}>
              {[meta.fields.kind && plain(meta.fields.kind, ticket.kind), ticket.number]
                .filter(Boolean)
                .join(" · ")}
            </span>
            <span className={css.status}>
              {meta.fields.status && plain(meta.fields.status, ticket.status)}
            </span>
            <NextDue row={ticket} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
