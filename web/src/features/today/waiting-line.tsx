import { Link } from "react-router";
import type { Reference, Row } from "@/api/types";
import css from "@/features/today/today-page.module.css";
import { formatDuration } from "@/lib/format";
import { useNow } from "@/lib/use-later";
import { t } from "@/lib/words";
import { sectionLine as lines } from "@/records/list/line-section";

/** Somebody who wrote and has no answer yet. */
export function WaitingLine({ row }: { row: Row }) {
  const now = useNow(30_000);
  const seconds = (now.getTime() - new Date(String(row.waiting_since)).getTime()) / 1_000;
  const who = (row.customer as Reference | null)?.label || String(row.with_name || t("ui.inbox.unknown"));
  return (
    <div className={lines.line}>
      <Link className={lines.main} to={`/inbox/${row.id}`}>
        <span className={lines.title}>{who}</span>
        <span className={lines.note}>{String(row.subject || row.last_words || "")}</span>
      </Link>
      <span className={css.waiting}>{formatDuration(Math.max(60, seconds - (seconds % 60)))}</span>
    </div>
  );
}
