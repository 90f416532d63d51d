import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useState } from "react";
import { t } from "@/lib/words";
import { undo } from "@/records/forms/undo";
import { type Outcome, reasons } from "@/records/list/bulk";
import css from "@/records/list/bulk-kept.module.css";
import { useFocusBack } from "@/ui/focus-back";

const MOST_NAMES = 5;

/** Which of many stay as they are, and why; what was done can be taken back from here. */
export function BulkKept({ outcome, said, close }: { outcome: Outcome; said: string; close: () => void }) {
  useFocusBack();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const changeSet = outcome.change_set;
  const takeBack = async () => {
    setBusy(true);
    await undo(client, changeSet ?? "");
    close();
  };
  return (
    <Modal
      open
      title={t("ui.bulk.kept", { n: outcome.kept.length })}
      closable={false}
      onCancel={close}
      width={520}
      footer={
        <>
          {changeSet && (
            <Button loading={busy} onClick={() => void takeBack()}>
              {t("ui.undo.do")}
            </Button>
          )}
          <Button type="primary" autoFocus onClick={close}>
            {t("ui.do.close")}
          </Button>
        </>
      }
    >
      {outcome.done > 0 && <p>{said}</p>}
      <ul className={css.reasons}>
        {reasons(outcome.kept).map(({ why, n, names }) => (
          <li key={why}>
            <strong className={css.n}>{n}</strong>
            <div>
              <p>{why}</p>
              {names.length > 0 && (
                <p className={css.names}>
                  {names.slice(0, MOST_NAMES).join(t("ui.value.comma"))}
                  {names.length > MOST_NAMES && ` ${t("ui.bulk.and_more", { n: names.length - MOST_NAMES })}`}
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
