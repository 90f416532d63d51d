import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { useMemo, useState } from "react";
import { newKey } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import { inSentence, t } from "@/lib/words";
import { nameOf, perform, settleRow } from "@/records/data";
import { fieldsOfOperation, fieldsOfRecord } from "@/records/forms/fields";
import { SchemaForm } from "@/records/forms/schema-form";
import { offerUndo } from "@/records/forms/undo";
import { useFocusBack } from "@/ui/focus-back";

type Props = {
  plural: string;
  close: () => void;
  done: (row: Row) => void;
  initial?: Record<string, unknown>;
};

/** A new record: the form follows the operation that creates it, or else the fields one may write. */
export function CreateDialog({ plural, close, done, initial }: Props) {
  useFocusBack();
  const meta = useMeta();
  const client = useQueryClient();
  const record = meta.records[plural];
  const operation = record?.create ? meta.operations[record.create] : undefined;
  const [key] = useState(newKey);
  const fields = useMemo(() => {
    if (!record) return [];
    const asked = operation && record.create ? fieldsOfOperation(operation, record.create, meta) : [];
    return asked.length ? asked : fieldsOfRecord(record);
  }, [record, operation, meta]);
  const create = useMutation({
    mutationFn: (values: Record<string, unknown>) =>
      perform(
        operation ?? {
          label: "",
          help: "",
          method: "POST",
          path: `/api/${plural}`,
          on: plural,
          one: false,
          input: null,
        },
        null,
        values,
        key,
      ),
    onSuccess: (row) => {
      settleRow(client, plural, row);
      offerUndo(
        client,
        t("ui.create.done", { record: record?.label.one, name: nameOf(record, row) }),
        row.change_set,
      );
      close();
      done(row);
    },
  });
  if (!record) return null;
  return (
    <Modal
      open
      title={t("ui.create.one", { record: inSentence(record.label.one) })}
      footer={null}
      onCancel={close}
      mask={{ closable: false }}
      width={560}
      destroyOnHidden
    >
      <SchemaForm
        fields={fields}
        {...(initial && { initial })}
        submitLabel={t("ui.create.do")}
        error={create.error}
        busy={create.isPending}
        submit={(values) => create.mutate({ ...initial, ...values })}
        cancel={close}
      />
    </Modal>
  );
}
