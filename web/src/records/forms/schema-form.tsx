import { Button, Form } from "antd";
import { useEffect, useState } from "react";
import { Problem } from "@/api/client";
import { t } from "@/lib/words";
import type { FormField } from "@/records/forms/fields";
import { RowsInput } from "@/records/forms/rows-input";
import css from "@/records/forms/schema-form.module.css";
import { ValueInput } from "@/records/values/input";
import { sent } from "@/records/values/reference-input";
import { isEmpty } from "@/records/values/value";
import { problemCode, problemText } from "@/ui/states";

type Props = {
  fields: FormField[];
  initial?: Record<string, unknown>;
  submitLabel: string;
  danger?: boolean;
  error: unknown;
  busy: boolean;
  submit: (values: Record<string, unknown>) => void;
  cancel: () => void;
};

const SHORT = 8;

/** A row of a list field, with what is empty left out. */
function sentRow(row: unknown): unknown {
  if (row === null || typeof row !== "object" || Array.isArray(row)) return row;
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => !isEmpty(value))
      .map(([name, value]) => [name, sent(value)]),
  );
}

function Line({ field, first }: { field: FormField; first: boolean }) {
  return (
    <Form.Item
      name={field.name}
      label={
        field.required || field.kind === "boolean" || !isEmpty(field.initial) ? (
          field.label
        ) : (
          <>
            {field.label} <span className={css.optional}>{t("ui.form.optional")}</span>
          </>
        )
      }
      {...(field.help && { extra: field.help })}
      rules={[
        {
          required: field.required && field.kind !== "boolean",
          message: t("ui.form.missing", { field: field.label }),
        },
        ...(field.unit === "seconds" ? [{ type: "number" as const, message: t("ui.form.not_minutes") }] : []),
      ]}
    >
      {field.rows ? <RowsInput columns={field.rows} /> : <ValueInput field={field} autoFocus={first} />}
    </Form.Item>
  );
}

/** A form drawn from declared fields: what is needed first, the rest when asked for; refusals beside their field. */
export function SchemaForm({ fields, initial, submitLabel, danger, error, busy, submit, cancel }: Props) {
  const [form] = Form.useForm<Record<string, unknown>>();
  const [all, setAll] = useState(fields.length <= SHORT);
  const shown = all ? fields : fields.filter((field, index) => field.required || index < SHORT);
  useEffect(() => {
    if (!(error instanceof Problem)) return;
    const named = Object.entries(error.fields).map(([name, problem]) => ({
      name,
      errors: [problem.message],
    }));
    if (named.some(({ name }) => !shown.some((field) => field.name === name))) setAll(true);
    form.setFields(named);
  }, [error, form, shown]);
  const finish = (values: Record<string, unknown>) =>
    submit(
      Object.fromEntries(
        Object.entries(values)
          .filter(([, value]) => !isEmpty(value))
          .map(([name, value]) => [name, Array.isArray(value) ? value.map(sentRow) : sent(value)]),
      ),
    );
  const start = {
    ...Object.fromEntries(
      fields
        .filter((field) => field.initial !== undefined && field.initial !== null)
        .map((field) => [field.name, field.initial]),
    ),
    ...initial,
  };
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={start}
      onFinish={finish}
      scrollToFirstError={{ focus: true, block: "center" }}
    >
      <div className={css.fields}>
        {shown.map((field, index) => (
          <Line key={field.name} field={field} first={index === 0} />
        ))}
      </div>
      {!all && (
        <Button type="link" className={css.more} onClick={() => setAll(true)}>
          {t("ui.form.more", { n: fields.length - shown.length })}
        </Button>
      )}
      <div role="alert" className={css.refusal}>
        {Boolean(error) && (
          <>
            {problemText(error)}{" "}
            <span className={css.code}>{t("ui.problem.code", { code: problemCode(error) })}</span>
          </>
        )}
      </div>
      <div className={css.actions}>
        <Button onClick={cancel}>{t("ui.do.cancel")}</Button>
        <Button type="primary" danger={danger ?? false} htmlType="submit" loading={busy}>
          {submitLabel}
        </Button>
      </div>
    </Form>
  );
}
