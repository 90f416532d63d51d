import { Modal } from "antd";
import { useMemo, useState } from "react";
import { useMeta } from "@/api/session";
import type { OperationMeta } from "@/api/types";
import { fieldsOfOperation } from "@/records/forms/fields";
import css from "@/records/forms/operation-dialog.module.css";
import { SchemaForm } from "@/records/forms/schema-form";

type Props = {
  operation: OperationMeta;
  name: string;
  /** What it is done to, as a sentence shows it. */
  subject: string;
  initial?: Record<string, unknown>;
  submit: (input: Record<string, unknown>) => Promise<unknown>;
  close: () => void;
};

/** Asks for what an operation needs, or for a plain yes where it cannot be taken back. */
export function OperationDialog({ operation, name, subject, initial, submit, close }: Props) {
  const meta = useMeta();
  const fields = useMemo(() => fieldsOfOperation(operation, name, meta), [operation, name, meta]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const run = async (input: Record<string, unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await submit(input);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={operation.label}
      footer={null}
      onCancel={close}
      mask={{ closable: false }}
      width={520}
      destroyOnHidden
    >
      <p className={css.subject}>{subject}</p>
      {operation.help && <p className={css.help}>{operation.help}</p>}
      <SchemaForm
        fields={fields}
        {...(initial && { initial })}
        submitLabel={operation.label}
        danger={Boolean(operation.confirm)}
        error={error}
        busy={busy}
        submit={run}
        cancel={close}
      />
    </Modal>
  );
}
