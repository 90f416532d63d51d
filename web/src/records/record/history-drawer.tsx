import { useQuery } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { RecordMeta } from "@/api/types";
import { formatMoment } from "@/lib/format";
import { has, t } from "@/lib/words";
import { UndoDialog } from "@/records/forms/undo-dialog";
import css from "@/records/record/history-drawer.module.css";
import { plain } from "@/records/values/value";
import { useFocusBack } from "@/ui/focus-back";
import { Empty, ProblemNote, Skeleton } from "@/ui/states";

type Diff = Record<string, { from: unknown; to: unknown; label: string }>;
type Part = {
  record: string;
  id: string;
  label: string;
  place: number | null;
  name: unknown;
  what: "added" | "changed" | "removed";
  diff: Diff;
};
type Entry = {
  at: string;
  by: string;
  operation: string;
  change_set: string;
  undone: boolean;
  undoable: boolean;
  diff: Diff;
  parts: Part[];
};
type History = { changes: Entry[]; created: { at: string; change_set: string; origin: string } };

function Changes({ fields, diff }: { fields: RecordMeta["fields"]; diff: Diff }) {
  const text = (name: string, value: unknown) => {
    const field = fields[name];
    return (field ? plain(field, value) : String(value ?? "")) || "–";
  };
  return (
    <dl>
      {Object.entries(diff).map(([name, { from, to, label }]) => (
        <div key={name} className={css.change}>
          <dt>{label}</dt>
          <dd>
            <del>{text(name, from)}</del> <span aria-hidden>→</span> <ins>{text(name, to)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What became of one part of the record, such as the second line of an order. */
function PartChanges({ part }: { part: Part }) {
  const meta = useMeta().records[part.record];
  const field = meta?.fields[meta.title];
  const name = field ? plain(field, part.name) : String(part.name ?? "");
  const called = [part.label, part.place, name].filter((one) => one !== null && one !== "").join(" ");
  return (
    <div className={css.part}>
      <p>{t(`ui.history.${part.what}`, { what: called })}</p>
      {part.what !== "added" && <Changes fields={meta?.fields ?? {}} diff={part.diff} />}
    </div>
  );
}

/** What this record looked like before: each change with who, when, from what, to what. */
export function HistoryDrawer({ meta, id, close }: { meta: RecordMeta; id: string; close: () => void }) {
  useFocusBack();
  const [asking, setAsking] = useState<string | null>(null);
  const history = useQuery({
    queryKey: ["story", meta.plural, id, "history"],
    queryFn: ({ signal }) => api.get<History>(`/api/${meta.plural}/${id}/history`, undefined, signal),
  });
  const verb = (operation: string) => (has(operation) ? t(operation) : t("ui.record.changed"));
  return (
    <Drawer open title={t("ui.record.history")} onClose={close} size={480}>
      {history.isPending && <Skeleton />}
      {history.isError && <ProblemNote error={history.error} />}
      {history.data?.changes.length === 0 && <Empty inside title={t("ui.record.history_empty")} />}
      <ol className={css.entries}>
        {history.data?.changes.map((entry) => (
          <li key={`${entry.change_set}${entry.at}`}>
            <p className={css.who}>
              <strong>{verb(entry.operation)}</strong>
              <span>
                {entry.by && `${entry.by} · `}
                <time dateTime={entry.at}>{formatMoment(entry.at)}</time>
              </span>
            </p>
            <Changes fields={meta.fields} diff={entry.diff} />
            {entry.parts.map((part) => (
              <PartChanges key={`${part.id}${part.what}`} part={part} />
            ))}
            {entry.undone && <p className={css.undone}>{t("ui.undo.undone")}</p>}
            {entry.undoable && (
              <Button size="small" className={css.undo} onClick={() => setAsking(entry.change_set)}>
                {t("ui.undo.do")}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {history.data && (
        <p className={css.created}>
          {t("ui.record.created", {
            at: formatMoment(history.data.created.at),
            origin: t(`ui.origin.${history.data.created.origin}`),
          })}
        </p>
      )}
      {asking && <UndoDialog changeSet={asking} close={() => setAsking(null)} />}
    </Drawer>
  );
}
