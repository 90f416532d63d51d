import { Button } from "antd";
import { X } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import type { RecordMeta } from "@/api/types";
import { t } from "@/lib/words";
import { nameOf, useRow } from "@/records/data";
import { OperationButtons } from "@/records/forms/operation-buttons";
import { Facts } from "@/records/record/facts";
import css from "@/records/record/peek.module.css";
import { FactsSkeleton } from "@/records/record/record-skeleton";
import { Timeline } from "@/records/record/timeline";
import { useSlots } from "@/records/slots";
import { ProblemNote } from "@/ui/states";

/** A record beside its list: enough to decide and to act without losing the place. */
export function Peek({ meta, id, close }: { meta: RecordMeta; id: string; close: () => void }) {
  const row = useRow(meta.plural, id);
  const [editing, setEditing] = useState<string | null>(null);
  const { head: Head, acts: Acts } = useSlots(meta.plural);
  const name = nameOf(meta, row.data);
  return (
    <aside className={css.peek} aria-label={name || meta.label.one}>
      <header className={css.head}>
        <h2>
          <Link to={`/${meta.plural}/${id}`}>{name || "…"}</Link>
        </h2>
        <Button
          type="text"
          icon={<X size={16} aria-hidden />}
          onClick={close}
          aria-label={t("ui.do.close")}
        />
      </header>
      {row.isPending && (
        <div className={css.body}>
          <FactsSkeleton />
        </div>
      )}
      {row.isError && <ProblemNote error={row.error} />}
      {row.data && (
        <div className={css.body}>
          <div className={css.actions}>
            <Link to={`/${meta.plural}/${id}`} className={css.open}>
              {t("ui.list.open")}
            </Link>
            {Acts && <Acts row={row.data} plural={meta.plural} />}
            <OperationButtons plural={meta.plural} row={row.data} />
          </div>
          {Head && <Head row={row.data} plural={meta.plural} />}
          <Facts meta={meta} row={row.data} editing={editing} edit={setEditing} />
          <Timeline plural={meta.plural} id={id} />
        </div>
      )}
    </aside>
  );
}
