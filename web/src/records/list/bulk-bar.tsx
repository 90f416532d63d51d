import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { MoreHorizontal, X } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import type { Count, RecordMeta, Row } from "@/api/types";
import { useKeys } from "@/lib/keys";
import { usePhone } from "@/lib/use-phone";
import { inSentence, t } from "@/lib/words";
import { asksNothing, settleRow } from "@/records/data";
import { OperationDialog } from "@/records/forms/operation-dialog";
import { offerUndo } from "@/records/forms/undo";
import {
  archiveMany,
  type Chosen,
  changeMany,
  doToMany,
  Interrupted,
  type Outcome,
} from "@/records/list/bulk";
import css from "@/records/list/bulk-bar.module.css";
import { type Named, useBulkVerbs } from "@/records/list/bulk-verbs";
import { Menu } from "@/ui/menu";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const BulkEdit = lazy(() => import("@/records/list/bulk-edit").then((m) => ({ default: m.BulkEdit })));
const BulkKept = lazy(() => import("@/records/list/bulk-kept").then((m) => ({ default: m.BulkKept })));

type Running = { done: number; n: number } | null;
type Props = {
  meta: RecordMeta;
  rows: Row[];
  /** All that the list finds is chosen, also what is not loaded. */
  found: Chosen | null;
  count: Count | null | undefined;
  chooseFound: (() => void) | undefined;
  /** Chosen stays what is named here. */
  choose: (ids: string[]) => void;
};

/** What can be done with the chosen rows at once: fields, archive, and the verbs that each of them allows. */
export function BulkBar({ meta, rows, found, count, chooseFound, choose }: Props) {
  const client = useQueryClient();
  const phone = usePhone();
  const [asking, setAsking] = useState<Named | "edit" | null>(null);
  const [running, setRunning] = useState<Running>(null);
  const [kept, setKept] = useState<{ outcome: Outcome; said: string } | null>(null);
  const stopped = useRef(false);
  const verbs = useBulkVerbs(meta, rows, found !== null);
  const chosen: Chosen = found ?? { ids: rows.map(({ id }) => id) };
  const n = found ? (count?.n ?? rows.length) : rows.length;
  const records = inSentence(n === 1 ? meta.label.one : meta.label.many);
  const some = (right: string) =>
    found !== null || rows.some((row) => row.can?.includes(`${meta.name}.${right}`));
  const mayEdit = Boolean(meta.change) && some("change");
  const mayArchive = Boolean(meta.archive) && some("archive");

  /** Says what became of it; whoever refused stays chosen. */
  const tell = (outcome: Outcome, what: string, undoable: boolean) => {
    settleRow(client, meta.plural, undefined);
    void client.invalidateQueries({ queryKey: ["records", meta.plural, "one"] });
    const done = t("ui.bulk.done", { what, n: outcome.done });
    const said = outcome.unchanged ? t("ui.bulk.same", { said: done, n: outcome.unchanged }) : done;
    const taken = undoable ? outcome.change_set : null;
    if (outcome.kept.length) setKept({ outcome: { ...outcome, change_set: taken }, said });
    else {
      offerUndo(client, said, taken);
      choose([]);
    }
  };
  const run = async (what: string, undoable: boolean, act: () => Promise<Outcome>) => {
    stopped.current = false;
    setRunning({ done: 0, n });
    try {
      tell(await act(), what, undoable);
      setAsking(null);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      setAsking(null);
      say(problemText(error.problem), { tone: "broken", seconds: 12 });
      tell(error.outcome, what, undoable);
    } finally {
      setRunning(null);
    }
  };
  const aloud = (acting: Promise<void>) =>
    void acting.catch((error: unknown) => say(problemText(error), { tone: "broken", seconds: 12 }));
  const progress = (done: number, of: number) => {
    setRunning({ done, n: of });
    return !stopped.current;
  };
  const doVerb = ([, operation]: Named, given: Record<string, unknown>) =>
    run(operation.label, !operation.confirm, () => doToMany(meta.plural, operation, chosen, given, progress));
  const start = (verb: Named) =>
    asksNothing(verb[1]) && !verb[1].confirm ? aloud(doVerb(verb, {})) : setAsking(verb);
  const archive = () => aloud(run(t("ui.record.archive"), true, () => archiveMany(meta.plural, chosen)));
  const edit = (event: KeyboardEvent) => {
    event.preventDefault();
    setAsking("edit");
  };
  useKeys({ e: edit }, mayEdit && running === null);
  const shown = verbs.slice(0, phone ? 0 : 3);
  const rest = verbs.slice(shown.length);
  return (
    <div className={css.bar} role="toolbar" aria-label={t("ui.bulk.bar")}>
      <span className={css.count} role="status">
        {running ? t("ui.bulk.progress", running) : t(found ? "ui.bulk.all_chosen" : "ui.bulk.chosen", { n })}
      </span>
      {running ? (
        <Button size="small" onClick={() => (stopped.current = true)}>
          {t("ui.bulk.stop")}
        </Button>
      ) : (
        <>
          {chooseFound && (
            <Button size="small" type="link" className={css.all} onClick={chooseFound}>
              {t("ui.bulk.all", { n: count?.n ?? 0 })}
            </Button>
          )}
          <div className={css.acts}>
            {mayEdit && (
              <Button size="small" type="primary" onClick={() => setAsking("edit")}>
                {t("ui.bulk.edit")}
              </Button>
            )}
            {mayArchive && (
              <Button size="small" onClick={archive}>
                {t("ui.record.archive")}
              </Button>
            )}
            {shown.map((verb) => (
              <Button key={verb[0]} size="small" onClick={() => start(verb)}>
                {verb[1].label}
              </Button>
            ))}
            {rest.length > 0 && (
              <Menu
                menu={{
                  items: rest.map(([name, { label }]) => ({ key: name, label })),
                  onClick: ({ key }) => {
                    const verb = rest.find(([name]) => name === key);
                    if (verb) start(verb);
                  },
                }}
              >
                <Button
                  size="small"
                  icon={<MoreHorizontal size={16} aria-hidden />}
                  aria-label={t("ui.operation.more")}
                />
              </Menu>
            )}
          </div>
          <Button
            size="small"
            type="text"
            className={css.close}
            icon={<X size={14} aria-hidden />}
            aria-label={t("ui.bulk.clear")}
            onClick={() => choose([])}
          />
        </>
      )}
      <Suspense fallback={null}>
        {asking === "edit" && (
          <BulkEdit
            meta={meta}
            title={t("ui.bulk.edit_title", { n, records })}
            submit={(values) =>
              run(t("ui.bulk.changed"), true, () => changeMany(meta.plural, chosen, values))
            }
            close={() => setAsking(null)}
          />
        )}
        {kept && (
          <BulkKept
            {...kept}
            close={() => {
              setKept(null);
              choose(kept.outcome.kept.map(({ id }) => id));
            }}
          />
        )}
      </Suspense>
      {asking && asking !== "edit" && (
        <OperationDialog
          operation={asking[1]}
          name={asking[0]}
          subject={t("ui.bulk.subject", { n, records })}
          submit={(input) => doVerb(asking, input)}
          close={() => setAsking(null)}
        />
      )}
    </div>
  );
}
