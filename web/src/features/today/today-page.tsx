import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useMe, useMeta } from "@/api/session";
import type { Condition } from "@/api/types";
import { FirstSteps } from "@/features/today/first-steps";
import css from "@/features/today/today-page.module.css";
import { TodoLine } from "@/features/today/todo-line";
import { WaitingLine } from "@/features/today/waiting-line";
import { endOfToday } from "@/lib/clock";
import { formatLongDay } from "@/lib/format";
import { t } from "@/lib/words";
import { LineSection } from "@/records/list/line-section";
import { useTodayExtras } from "@/records/slots";
import { usePageTitle } from "@/ui/page-title";
import { Skeleton } from "@/ui/states";

/** What was never answered yet. */
const NEW = { predicate: ({ state }: { state: { data: unknown } }) => state.data === undefined };
let shown = false;

/** Whether the first answers are there: what stands above pushes nothing down, because all of it comes at once. */
function useFirstAnswers(): boolean {
  const client = useQueryClient();
  const open = useIsFetching(NEW);
  const [there, setThere] = useState(shown);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was asked for is counted when an answer came
  useEffect(() => {
    if (client.isFetching(NEW)) return;
    shown = true;
    setThere(true);
  }, [client, open]);
  return there;
}

/** What is due, who waits, what is about to break: each line leads to the act. */
export function TodayPage() {
  const me = useMe();
  const { records } = useMeta();
  const extras = useTodayExtras();
  const there = useFirstAnswers();
  usePageTitle(t("ui.place.today"));
  const due: Condition = {
    and: [
      { field: "done_at", op: "empty" },
      { field: "owner", op: "is", value: me.id },
      { field: "due_at", op: "lte", value: endOfToday() },
    ],
  };
  return (
    <>
      {!there && <Skeleton lines={12} />}
      <div className={css.today} hidden={!there}>
        <p className={css.date}>{formatLongDay(new Date())}</p>
        <FirstSteps />
        <div className={css.columns}>
          <div className={css.stack}>
            {"todos" in records && (
              <LineSection
                plural="todos"
                title={t("ui.today.due")}
                none={t("ui.today.due_none")}
                where={due}
                sort="due_at"
                line={(row) => <TodoLine row={row} />}
              />
            )}
          </div>
          <div className={css.stack}>
            {extras.map(({ key, show: Extra }) => (
              <Extra key={key} />
            ))}
            {"conversations" in records && (
              <LineSection
                plural="conversations"
                title={t("ui.today.waiting")}
                none={t("ui.today.waiting_none")}
                where={WAITING}
                sort="waiting_since"
                to="/inbox"
                line={(row) => <WaitingLine row={row} />}
              />
            )}
          </div>
        </div>
      </div>
    </>
  );
}

const WAITING: Condition = {
  and: [
    { field: "status", op: "is", value: "open" },
    { field: "waiting_since", op: "not_empty" },
  ],
};
