import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useState } from "react";
import { useMeta } from "@/api/session";
import css from "@/features/settings/settings.module.css";
import { t } from "@/lib/words";
import { perform, settleRow } from "@/records/data";
import { OperationDialog } from "@/records/forms/operation-dialog";

const CREATE = "workspace.token.create";
const ASKED = ["name", "days"];

/** Access for a script: the secret is seen once, here. */
export function CreateToken() {
  const operation = useMeta().operations[CREATE];
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  if (!operation) return null;
  return (
    <>
      <Button type="primary" onClick={() => setAsking(true)}>
        {operation.label}
      </Button>
      {asking && (
        <OperationDialog
          operation={operation}
          name={CREATE}
          subject=""
          only={ASKED}
          close={() => setAsking(false)}
          submit={async (input) => {
            const answer = await perform(operation, null, input);
            setAsking(false);
            setSecret(String(answer.value));
            settleRow(client, "tokens", undefined);
          }}
        />
      )}
      {secret && (
        <Modal
          open
          title={t("ui.settings.secret")}
          footer={null}
          onCancel={() => setSecret(null)}
          mask={{ closable: false }}
        >
          <p>{t("ui.settings.secret_once")}</p>
          <div className={css.secret}>
            <code>{secret}</code>
            <Button onClick={() => void navigator.clipboard?.writeText(secret)}>
              {t("ui.settings.copy")}
            </Button>
          </div>
        </Modal>
      )}
    </>
  );
}
