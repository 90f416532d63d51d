import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { api } from "@/api/client";
import { useMeta, useRecordMeta } from "@/api/session";
import type { Condition, Row } from "@/api/types";
import { columnsPath, type ImportRun, OPEN } from "@/features/imports/data";
import css from "@/features/imports/imports.module.css";
import { Mirror } from "@/features/imports/mirror";
import { ProblemRows } from "@/features/imports/problem-rows";
import { formatNumber } from "@/lib/format";
import { has, inSentence, t } from "@/lib/words";
import { rowQuery, settleRow } from "@/records/data";
import { Figure } from "@/ui/figure";
import { usePageTitle } from "@/ui/page-title";
import { ProblemNote, problemText, Skeleton } from "@/ui/states";
import { say } from "@/ui/toast";

type UndoReport = {
  removed: Record<string, number>;
  restored: Record<string, number>;
  kept_by_reason: Record<string, number>;
};
const BUSY = new Set(["checking", "running"]);
const WRITTEN = new Set(["done", "failed", "cancelled"]);
const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, n) => sum + n, 0);

/** What stays, of which kind and why: a line for each. */
function Kept({ counts }: { counts: Record<string, number> }) {
  const records = Object.values(useMeta().records);
  return (
    <ul className={css.notes}>
      {Object.entries(counts).map(([key, n]) => {
        const [name, reason = ""] = key.split(":");
        const record = records.find((one) => one.name === name)?.label.many ?? "";
        return (
          <li key={key}>{t("ui.undo.kept", { record, count: n, why: t(`ui.undo.reason_${reason}`) })}</li>
        );
      })}
    </ul>
  );
}

/** One file on its way in: tried, written, reported, and taken back if that is wanted. */
export function RunPage() {
  const { id = "" } = useParams();
  const run = useQuery({
    ...rowQuery("imports", id),
    refetchInterval: (query) => (BUSY.has(String(query.state.data?.status)) ? 1_000 : false),
  });
  usePageTitle(run.data ? String(run.data.file_name) : t("ui.import.title"));
  if (run.isPending) return <Skeleton lines={8} />;
  if (run.isError) return <ProblemNote error={run.error} retry={() => void run.refetch()} />;
  return <Run run={run.data as ImportRun} />;
}

function Run({ run }: { run: ImportRun }) {
  const client = useQueryClient();
  const target = useRecordMeta(run.noun);
  const [taking, setTaking] = useState<UndoReport | null>(null);
  const act = useMutation({
    mutationFn: (verb: "check" | "start" | "cancel") => api.post<Row>(`/api/imports/${run.id}/${verb}`),
    onSuccess: (fresh) => settleRow(client, "imports", fresh),
    onError: (error) => say(problemText(error), { tone: "broken" }),
  });
  const undo = useMutation({
    mutationFn: (dry_run: boolean) => api.post<UndoReport>(`/api/imports/${run.id}/undo`, { dry_run }),
    onError: (error) => say(problemText(error), { tone: "broken" }),
  });
  const look = () => undo.mutate(true, { onSuccess: setTaking });
  const take = () =>
    undo.mutate(false, {
      onSuccess: (report) => {
        setTaking(null);
        say(t("ui.undo.done", { n: total(report.removed) + total(report.restored) }));
        void client.invalidateQueries();
      },
    });
  const busy = BUSY.has(run.status);
  const tried = run.status === "checked" || run.status === "checking";
  const good = run.rows_created + run.rows_updated;
  const brought: Condition = { field: "written_in", op: "is", value: run.change_set };
  return (
    <div className={css.page}>
      <p className={css.lead} role="status">
        {t(`ui.import.status_${run.status}`, { n: run.status === "done" ? good : run.rows_read })}
      </p>
      {busy && <div className={css.busy} aria-hidden />}
      <div className={css.figures}>
        <Figure value={formatNumber(run.rows_read)} label={t("ui.import.read")} />
        <Figure
          value={formatNumber(run.rows_created)}
          label={t(tried ? "ui.import.would_create" : "ui.import.created")}
        />
        <Figure
          value={formatNumber(run.rows_updated)}
          label={t(tried ? "ui.import.would_update" : "ui.import.updated")}
        />
        <Figure value={formatNumber(run.rows_skipped)} label={t("ui.import.skipped")} />
        <Figure
          value={formatNumber(run.rows_failed)}
          label={t("ui.import.failed")}
          tone={run.rows_failed ? "broken" : "plain"}
        />
      </div>
      {Object.entries(run.notes ?? {}).length > 0 && (
        <ul className={css.notes}>
          {Object.entries(run.notes).map(([key, n]) => (
            <li key={key}>{t(`import.note.${key}`, { n })}</li>
          ))}
        </ul>
      )}
      {run.problem && (
        <p className={css.refusal}>
          {has(`error.${run.problem.code}`)
            ? t(`error.${run.problem.code}`, run.problem.values ?? {})
            : run.problem.code}
        </p>
      )}
      <div className={css.acts}>
        {run.status === "prepared" && (
          <Button type="primary" onClick={() => act.mutate("check")}>
            {t("ui.import.check")}
          </Button>
        )}
        {run.status === "checked" && (
          <Button
            type="primary"
            disabled={good === 0}
            loading={act.isPending}
            onClick={() => act.mutate("start")}
          >
            {t("ui.import.start", { n: good })}
          </Button>
        )}
        {OPEN.has(run.status) && <Link to={columnsPath(run)}>{t("ui.import.change_columns")}</Link>}
        {run.status === "running" && (
          <Button onClick={() => act.mutate("cancel")}>{t("ui.import.stop")}</Button>
        )}
        {WRITTEN.has(run.status) && target && good > 0 && (
          <Link
            to={`/${run.noun}?where=${encodeURIComponent(JSON.stringify(brought))}`}
            className={css.primary}
          >
            {t("ui.import.show", { records: inSentence(target.label.many) })}
          </Link>
        )}
        {WRITTEN.has(run.status) && (
          <Button loading={undo.isPending} onClick={look}>
            {t("ui.import.undo")}
          </Button>
        )}
        <Link to={`/import?noun=${run.noun}`}>{t("ui.import.another")}</Link>
      </div>
      {busy && <p className={css.note}>{t("ui.import.leave")}</p>}
      {run.status === "done" && <Mirror run={run.id} />}
      {run.rows_failed > 0 && !busy && <ProblemRows id={run.id} />}
      {taking && (
        <Modal
          open
          title={t("ui.import.undo")}
          okText={t("ui.import.undo")}
          okButtonProps={{ danger: true, loading: undo.isPending }}
          cancelText={t("ui.do.cancel")}
          onOk={take}
          onCancel={() => setTaking(null)}
        >
          <p>
            {t("ui.import.undo_what", { removed: total(taking.removed), restored: total(taking.restored) })}
          </p>
          <Kept counts={taking.kept_by_reason} />
        </Modal>
      )}
    </div>
  );
}
