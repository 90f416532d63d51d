import { useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { useState } from "react";
import type { OperationMeta } from "@/api/types";
import { CopyLine } from "@/features/settings/copy-line";
import { t } from "@/lib/words";
import { perform, settleRow } from "@/records/data";
import { OperationDialog } from "@/records/forms/operation-dialog";

const ASKED = ["name", "days"];

/** Asks what the access is for and how long it lasts, then shows its secret. */
export function TokenDialog({
  name,
  operation,
  close,
}: {
  name: string;
  operation: OperationMeta;
  close: () => void;
}) {
  const client = useQueryClient();
  const [secret, setSecret] = useState<string | null>(null);
  if (secret === null)
    return (
      <OperationDialog
        operation={operation}
        name={name}
        subject=""
        only={ASKED}
        close={close}
        submit={async (input) => {
          const answer = await perform(operation, null, input);
          setSecret(String(answer.value));
          settleRow(client, "tokens", undefined);
        }}
      />
    );
  return (
    <Modal open title={t("ui.settings.secret")} footer={null} onCancel={close} mask={{ closable: false }}>
      <p>{t("ui.settings.secret_once")}</p>
      <CopyLine text={secret} />
    </Modal>
  );
}
