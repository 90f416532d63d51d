import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { operationsOn, useMeta } from "@/api/session";
import type { OperationMeta, RecordMeta, Row } from "@/api/types";
import { t } from "@/lib/words";
import { asksNothing, perform, settleRow } from "@/records/data";
import { OperationDialog } from "@/records/forms/operation-dialog";
import css from "@/records/list/bulk-bar.module.css";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

type Chosen = [string, OperationMeta];

/** What can be done with all chosen rows: only what each of them allows. */
export function BulkBar({ meta, rows, clear }: { meta: RecordMeta; rows: Row[]; clear: () => void }) {
  const all = useMeta();
  const client = useQueryClient();
  const [asking, setAsking] = useState<Chosen | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const possible = useMemo(
    () =>
      operationsOn(all, meta.plural).filter(
        ([name, { one }]) => one && rows.every((row) => row.can?.includes(name)),
      ),
    [all, meta.plural, rows],
  );
  const run = async ([, operation]: Chosen, input: Record<string, unknown>) => {
    setAsking(null);
    setDone(0);
    const failures: unknown[] = [];
    for (const [index, row] of rows.entries()) {
      try {
        await perform(operation, row.id, input);
      } catch (error) {
        failures.push(error);
      }
      setDone(index + 1);
    }
    settleRow(client, meta.plural, undefined);
    setDone(null);
    if (failures.length) {
      say(t("ui.bulk.some_failed", { n: failures.length, why: problemText(failures[0]) }), {
        tone: "broken",
        seconds: 12,
      });
    } else {
      say(t("ui.bulk.done", { n: rows.length, what: operation.label }));
      clear();
    }
  };
  return (
    <div className={css.bar} role="toolbar" aria-label={t("ui.bulk.bar")}>
      <span className={css.count} role="status">
        {done === null
          ? t("ui.bulk.chosen", { n: rows.length })
          : t("ui.bulk.progress", { done, n: rows.length })}
      </span>
      {done === null &&
        possible.map(([name, operation]) => (
          <Button
            key={name}
            size="small"
            onClick={() =>
              asksNothing(operation) && !operation.confirm
                ? void run([name, operation], {})
                : setAsking([name, operation])
            }
          >
            {operation.label}
          </Button>
        ))}
      <Button size="small" type="text" onClick={clear} disabled={done !== null}>
        {t("ui.bulk.clear")}
      </Button>
      {asking && (
        <OperationDialog
          operation={asking[1]}
          name={asking[0]}
          subject={t("ui.bulk.subject", { n: rows.length, records: meta.label.many })}
          submit={(input) => run(asking, input)}
          close={() => setAsking(null)}
        />
      )}
    </div>
  );
}
