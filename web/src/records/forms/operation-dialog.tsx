import { Modal } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import { useMeta } from "@/api/session";
import type { Choice, OperationMeta } from "@/api/types";
import { fieldsOfOperation } from "@/records/forms/fields";
import css from "@/records/forms/operation-dialog.module.css";
import { SchemaForm } from "@/records/forms/schema-form";
import { useFocusBack } from "@/ui/focus-back";

type Props = {
  operation: OperationMeta;
  name: string;
  /** What it is done to, as a sentence shows it. */
  subject: string;
  initial?: Record<string, unknown>;
  /** Only these fields are asked for; the others keep what `fixed` says, or nothing. */
  only?: string[];
  /** What goes along without being asked for. */
  fixed?: Record<string, unknown>;
  /** What may be chosen in a field where the declaration leaves it open. */
  choices?: Record<string, Choice[]>;
  /** What will come of it, said before it happens. */
  about?: ReactNode;
  submit: (input: Record<string, unknown>) => Promise<unknown>;
  close: () => void;
};

/** Asks for what an operation needs, or for a plain yes where it cannot be taken back. */
export function OperationDialog({
  operation,
  name,
  subject,
  initial,
  only,
  fixed,
  choices,
  about,
  submit,
  close,
}: Props) {
  useFocusBack();
  const meta = useMeta();
  const fields = useMemo(() => {
    const all = fieldsOfOperation(operation, name, meta).filter((field) => !(field.name in (fixed ?? {})));
    const asked = only ? only.flatMap((wanted) => all.filter((field) => field.name === wanted)) : all;
    return asked.map((field) => {
      const offered = choices?.[field.name];
      return offered ? { ...field, kind: "choice" as const, choices: offered } : field;
    });
  }, [operation, name, meta, only, fixed, choices]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const run = async (input: Record<string, unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await submit({ ...fixed, ...input });
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
      width={fields.some((field) => field.rows) ? 720 : 520}
      destroyOnHidden
    >
      <p className={css.subject}>{subject}</p>
      {operation.help && <p className={css.help}>{operation.help}</p>}
      {about}
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
