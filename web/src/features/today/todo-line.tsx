import { Button } from "antd";
import { Check, Clock } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { useMeta } from "@/api/session";
import type { Reference, Row } from "@/api/types";
import css from "@/features/today/today-page.module.css";
import { formatWhen } from "@/lib/format";
import { t } from "@/lib/words";
import { useOperation } from "@/records/forms/operation-buttons";
import { OperationDialog } from "@/records/forms/operation-dialog";
import { sectionLine as lines } from "@/records/list/line-section";
import { Menu } from "@/ui/menu";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const COMPLETE = "workspace.todo.complete";
const SNOOZE = "workspace.todo.snooze";

/** In an hour, tomorrow morning, next Monday morning. */
function later(key: string): Date {
  const at = new Date();
  if (key === "hour") at.setHours(at.getHours() + 1);
  else {
    at.setDate(at.getDate() + (key === "tomorrow" ? 1 : (8 - at.getDay()) % 7 || 7));
    at.setHours(9, 0, 0, 0);
  }
  return at;
}

export function TodoLine({ row }: { row: Row }) {
  const meta = useMeta();
  const run = useOperation("todos", row);
  const [asking, setAsking] = useState(false);
  const complete = meta.operations[COMPLETE];
  const snooze = meta.operations[SNOOZE];
  const about = Object.values(meta.records).find((record) => record.name === row.about);
  const late = typeof row.due_at === "string" && new Date(row.due_at) < new Date();
  const needsResult = row.kind === "call" || row.kind === "visit";
  const act = (doing: Promise<unknown>) =>
    doing.catch((error: unknown) => say(problemText(error), { tone: "broken" }));
  const kind = meta.records.todos?.fields.kind?.choices?.find(({ value }) => value === row.kind)?.label;
  return (
    <div className={lines.line}>
      <Link className={lines.main} to={about ? `/${about.plural}/${row.about_id}` : `/todos/${row.id}`}>
        <span className={lines.title}>{String(row.subject)}</span>
        <span className={lines.note}>
          {[kind, (row.customer as Reference | null)?.label].filter(Boolean).join(" · ")}
          {typeof row.due_at === "string" && (
            <span className={late ? css.late : undefined}> · {formatWhen(row.due_at)}</span>
          )}
        </span>
      </Link>
      <span className={css.acts}>
        {complete && (
          <Button
            size="small"
            icon={<Check size={14} aria-hidden />}
            onClick={() => (needsResult ? setAsking(true) : void act(run(complete, {})))}
          >
            {t("ui.today.done")}
          </Button>
        )}
        {snooze && (
          <Menu
            menu={{
              items: ["hour", "tomorrow", "week"].map((key) => ({ key, label: t(`ui.today.later_${key}`) })),
              onClick: ({ key }) => void act(run(snooze, { until: later(key).toISOString() })),
            }}
          >
            <Button
              size="small"
              type="text"
              icon={<Clock size={14} aria-hidden />}
              aria-label={t("ui.today.later")}
            />
          </Menu>
        )}
      </span>
      {asking && complete && (
        <OperationDialog
          operation={complete}
          name={COMPLETE}
          subject={String(row.subject)}
          close={() => setAsking(false)}
          submit={async (input) => {
            await run(complete, input);
            setAsking(false);
          }}
        />
      )}
    </div>
  );
}
