import { Button, Form, Modal, Select } from "antd";
import { Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Problem } from "@/api/client";
import type { FieldMeta, Kind, RecordMeta } from "@/api/types";
import { t } from "@/lib/words";
import css from "@/records/list/bulk-edit.module.css";
import { ValueInput } from "@/records/values/input";
import { sent } from "@/records/values/reference-input";
import { isEmpty } from "@/records/values/value";
import { useFocusBack } from "@/ui/focus-back";
import { Refusal } from "@/ui/states";

type Line = { key: number; name: string | null; value: unknown };
type Props = {
  meta: RecordMeta;
  title: string;
  submit: (values: Record<string, unknown>) => Promise<unknown>;
  close: () => void;
};

/** What a field holds when it is cleared. */
const CLEARED: Partial<Record<Kind, unknown>> = {
  ...Object.fromEntries(
    ["text", "long_text", "email", "phone", "choice", "language", "zone", "country", "currency"].map(
      (kind) => [kind, ""],
    ),
  ),
  list: [],
  boolean: false,
};

function Field({
  name,
  label,
  refused,
  help,
  children,
}: {
  name: string;
  label: string;
  refused: string | undefined;
  help: string | undefined;
  children: ReactNode;
}) {
  return (
    <Form.Item
      htmlFor={name}
      label={label}
      className={css.item}
      {...(refused ? { validateStatus: "error" as const, help: refused } : help ? { help } : {})}
    >
      {children}
    </Form.Item>
  );
}

/** Which fields of many records get which value: chosen one by one, the others stay as they are. */
export function BulkEdit({ meta, title, submit, close }: Props) {
  useFocusBack();
  const [lines, setLines] = useState<Line[]>([{ key: 0, name: null, value: undefined }]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const writable = Object.entries(meta.fields).filter(
    ([, { writable, kind }]) => writable && kind !== "json" && kind !== "sensitive",
  );
  const taken = new Set(lines.map(({ name }) => name));
  const named = lines.flatMap(({ name, value }) => {
    const field = name ? meta.fields[name] : undefined;
    return name && field ? [{ name, field, value }] : [];
  });
  const lacks = ({ field, value }: { field: FieldMeta; value: unknown }) =>
    field.required && field.kind !== "boolean" && isEmpty(value);
  const put = (key: number, change: Partial<Line>) =>
    setLines((old) => old.map((line) => (line.key === key ? { ...line, ...change } : line)));
  const options = (line: Line) =>
    writable
      .filter(([name]) => name === line.name || !taken.has(name))
      .map(([value, { label }]) => ({ value, label }));
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await submit(
        Object.fromEntries(
          named.map(({ name, field, value }) => [
            name,
            isEmpty(value) ? (CLEARED[field.kind] ?? null) : sent(value),
          ]),
        ),
      );
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const refused = (name: string) => (error instanceof Problem ? error.fields[name]?.message : undefined);
  const beside = error instanceof Problem && named.some(({ name }) => refused(name));
  return (
    <Modal
      open
      title={title}
      footer={null}
      onCancel={close}
      mask={{ closable: false }}
      width={560}
      destroyOnHidden
    >
      <Form layout="vertical" requiredMark={false} onFinish={() => void run()}>
        {lines.map((line, index) => {
          const field = line.name ? meta.fields[line.name] : undefined;
          return (
            <fieldset key={line.key} className={css.line} {...(field && { "aria-label": field.label })}>
              <Field
                name={`bulk-field-${line.key}`}
                label={t("ui.bulk.field")}
                refused={undefined}
                help={undefined}
              >
                <Select
                  id={`bulk-field-${line.key}`}
                  autoFocus={index === lines.length - 1}
                  showSearch={{ optionFilterProp: "label" }}
                  options={options(line)}
                  value={line.name}
                  onChange={(name: string) => put(line.key, { name, value: meta.fields[name]?.initial })}
                />
              </Field>
              {field && line.name && (
                <Field
                  name={`bulk-value-${line.key}`}
                  label={t("ui.bulk.value")}
                  refused={refused(line.name)}
                  help={
                    isEmpty(line.value) && !field.required && field.kind !== "boolean"
                      ? t("ui.bulk.cleared")
                      : undefined
                  }
                >
                  <ValueInput
                    key={line.name}
                    field={field}
                    id={`bulk-value-${line.key}`}
                    value={line.value}
                    onChange={(value) => put(line.key, { value })}
                  />
                </Field>
              )}
              {lines.length > 1 && (
                <Button
                  type="text"
                  className={css.drop}
                  icon={<X size={14} aria-hidden />}
                  aria-label={t("ui.bulk.drop", { field: field?.label ?? t("ui.bulk.field") })}
                  onClick={() => setLines((old) => old.filter(({ key }) => key !== line.key))}
                />
              )}
            </fieldset>
          );
        })}
        {named.length === lines.length && lines.length < writable.length && (
          <Button
            type="link"
            className={css.more}
            icon={<Plus size={14} aria-hidden />}
            onClick={() =>
              setLines((old) => [
                ...old,
                { key: Math.max(...old.map(({ key }) => key)) + 1, name: null, value: undefined },
              ])
            }
          >
            {t("ui.bulk.another")}
          </Button>
        )}
        <Refusal error={beside ? null : error} />
        <div className={css.actions}>
          <Button onClick={close}>{t("ui.do.cancel")}</Button>
          <Button
            type="primary"
            htmlType="submit"
            loading={busy}
            disabled={!named.length || named.some(lacks)}
          >
            {title}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
