import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useState } from "react";
import { useMeta } from "@/api/session";
import { has, t } from "@/lib/words";
import { foresee, total, undo } from "@/records/forms/undo";
import css from "@/records/forms/undo-dialog.module.css";
import { useFocusBack } from "@/ui/focus-back";
import { Refusal, Skeleton } from "@/ui/states";

/** Asks before a change-set is taken back, which may be of many records: how many, and which stay and why. */
export function UndoDialog({ changeSet, close }: { changeSet: string; close: () => void }) {
  useFocusBack();
  const client = useQueryClient();
  const { records } = useMeta();
  const [busy, setBusy] = useState(false);
  const foreseen = useQuery({
    queryKey: ["undo", changeSet],
    queryFn: () => foresee(changeSet),
    gcTime: 0,
    retry: false,
  });
  const report = foreseen.data;
  const restored = total(report?.restored ?? {});
  const removed = total(report?.removed ?? {});
  const called = (noun: string) =>
    Object.values(records).find(({ name }) => name === noun)?.label.many ?? noun;
  const kept = Object.entries(report?.kept ?? {}).map(([key, count]) => {
    const [noun = "", reason = ""] = key.split(":");
    const why = has(`ui.undo.reason_${reason}`) ? t(`ui.undo.reason_${reason}`) : reason;
    return t("ui.undo.kept", { record: called(noun), count, why });
  });
  const takeBack = async () => {
    setBusy(true);
    await undo(client, changeSet);
    close();
  };
  return (
    <Modal
      open
      title={t("ui.undo.ask")}
      onCancel={close}
      width={480}
      footer={
        <>
          <Button onClick={close}>{t("ui.do.cancel")}</Button>
          <Button
            type="primary"
            autoFocus
            loading={busy}
            disabled={restored + removed === 0}
            onClick={() => void takeBack()}
          >
            {t("ui.undo.do")}
          </Button>
        </>
      }
    >
      {foreseen.isPending && <Skeleton lines={2} />}
      <Refusal error={foreseen.error} />
      {report && (
        <div className={css.foreseen}>
          {restored > 0 && <p>{t("ui.undo.ask_restored", { n: restored })}</p>}
          {removed > 0 && <p>{t("ui.undo.ask_removed", { n: removed })}</p>}
          {restored + removed === 0 && <p>{t("ui.undo.ask_nothing")}</p>}
          {kept.map((line) => (
            <p key={line} className={css.kept}>
              {line}
            </p>
          ))}
        </div>
      )}
    </Modal>
  );
}
