import { Select } from "antd";
import { createContext, useContext } from "react";
import { useMeta } from "@/api/session";
import type { FieldCondition, FieldMeta, Meta, Operator, RecordMeta } from "@/api/types";
import { has, t } from "@/lib/words";
import css from "@/records/conditions/field-editor.module.css";
import { SensitiveValue } from "@/records/conditions/sensitive-value";
import { fieldAt } from "@/records/conditions/sentence";
import { filterable, reshape, shapeOf } from "@/records/conditions/shape";
import { GrainInput, SpanInput } from "@/records/conditions/time-inputs";
import { type InputField, ValueInput } from "@/records/values/input";
import { sent } from "@/records/values/reference-input";
import { ReferencesInput } from "@/records/values/references-input";

type Props = {
  meta: RecordMeta;
  value: FieldCondition;
  change: (value: FieldCondition) => void;
  stacked?: boolean;
};

/** What an operator is called alone, for the choice between operators: days are not less, they are before. */
export function operatorLabel(op: Operator, kind: FieldMeta["kind"] | undefined): string {
  const ofTime = `ui.op_name_time.${op}`;
  return t((kind === "date" || kind === "datetime") && has(ofTime) ? ofTime : `ui.op_name.${op}`);
}

/** One value of a field is one line of text, even where the field holds many lines or many values. */
function alone(field: FieldMeta): InputField["kind"] {
  if (field.kind === "list") return field.choices ? "choice" : "text";
  return field.kind === "long_text" ? "text" : field.kind;
}

/** The value of a condition in the shape its operator wants. */
export function ConditionValue({
  field,
  op,
  value,
  change,
  label,
  autoFocus = false,
}: {
  field: FieldMeta;
  op: Operator;
  value: unknown;
  change: (value: unknown) => void;
  label: string;
  autoFocus?: boolean;
}) {
  const one: InputField = {
    ...field,
    required: true,
    kind: alone(field),
  };
  switch (shapeOf(op)) {
    case "none":
      return null;
    case "span":
      return <SpanInput value={value} change={change} label={label} autoFocus={autoFocus} />;
    case "period":
      return <GrainInput value={value} change={change} label={t("ui.condition.grain")} />;
    case "many":
      return field.kind === "reference" ? (
        <ReferencesInput
          to={field.to ?? ""}
          value={(value as string[]) ?? []}
          onChange={change}
          label={label}
        />
      ) : (
        <ValueInput
          field={{ ...one, kind: "list" }}
          value={value}
          onChange={change}
          label={label}
          autoFocus={autoFocus}
        />
      );
    case "two": {
      const [low, high] = (value as unknown[]) ?? [];
      return (
        <div className={css.two}>
          <ValueInput
            field={one}
            value={low}
            onChange={(next) => change([next, high])}
            label={t("ui.condition.from")}
          />
          <ValueInput
            field={one}
            value={high}
            onChange={(next) => change([low, next])}
            label={t("ui.condition.to")}
          />
        </div>
      );
    }
    default:
      return (
        <ValueInput
          field={one}
          value={value}
          onChange={(next) => change(sent(next))}
          label={label}
          autoFocus={autoFocus}
        />
      );
  }
}

const PERSONAL: Operator[] = ["me", "my_team"];
/** Whether somebody in particular asks: what is kept for everybody knows no "me". */
export const Personal = createContext(false);

/** Of which kind of record the field at the end of a path is. */
function owner(all: Meta, meta: RecordMeta, path: string): string {
  const [head = "", ...rest] = path.split(".");
  const next = all.records[meta.fields[head]?.to ?? ""];
  return rest.length && next ? owner(all, next, rest.join(".")) : meta.plural;
}

/** Field, operator, value. */
export function FieldEditor({ meta, value, change, stacked = false }: Props) {
  const all = useMeta();
  const personal = useContext(Personal);
  const found = fieldAt(all, meta, value.field);
  const field = found?.field;
  const setOp = (op: Operator) => change({ ...value, op, value: reshape(op, value.value) });
  return (
    <div className={stacked ? css.stacked : css.line}>
      {stacked ? (
        <strong>{found?.label ?? value.field}</strong>
      ) : (
        <FieldSelect
          meta={meta}
          value={value.field}
          change={(name, next) => change({ field: name, ...next })}
        />
      )}
      <Select
        aria-label={t("ui.condition.operator")}
        className={css.operator}
        options={(field?.operators ?? [])
          .filter((op) => personal || !PERSONAL.includes(op) || op === value.op)
          .map((op) => ({ value: op, label: operatorLabel(op, field?.kind) }))}
        value={value.op}
        onChange={setOp}
        popupMatchSelectWidth={false}
      />
      {field?.kind === "sensitive" && value.op === "is" ? (
        <SensitiveValue
          plural={owner(all, meta, value.field)}
          name={value.field.split(".").at(-1) ?? ""}
          value={value.value}
          change={(next) => change({ ...value, value: next })}
          label={found?.label ?? ""}
          autoFocus={stacked}
        />
      ) : (
        field && (
          <ConditionValue
            field={field}
            op={value.op}
            value={value.value}
            change={(next) => change({ ...value, value: next })}
            label={found.label}
            autoFocus={stacked}
          />
        )
      )}
    </div>
  );
}

/** A field of this record, or of a record it points to. */
export function FieldSelect({
  meta,
  value,
  change,
}: {
  meta: RecordMeta;
  value: string;
  change: (name: string, next: { op: Operator; value: unknown }) => void;
}) {
  const all = useMeta();
  const own = Object.entries(meta.fields).filter(([, field]) => filterable(field));
  const followed = own.flatMap(([name, field]) => {
    const other =
      field.kind === "reference" && field.to && field.to !== meta.plural ? all.records[field.to] : undefined;
    if (!other) return [];
    const options = Object.entries(other.fields)
      .filter(
        ([, inner]) =>
          filterable(inner) && (inner.kind !== "reference" || inner.operators.includes("my_team")),
      )
      .map(([inner, { label }]) => ({
        value: `${name}.${inner}`,
        label: t("ui.condition.of", { owner: field.label, field: label }),
      }));
    return [{ label: field.label, options }];
  });
  return (
    <Select
      aria-label={t("ui.condition.field")}
      className={css.field}
      showSearch={{ optionFilterProp: "label" }}
      popupMatchSelectWidth={false}
      options={[
        { label: meta.label.one, options: own.map(([name, field]) => ({ value: name, label: field.label })) },
        ...followed,
      ]}
      value={value || null}
      placeholder={t("ui.condition.field")}
      onChange={(name: string) => {
        const field = fieldAt(all, meta, name)?.field;
        if (!field) return;
        const op = field.operators[0] ?? "is";
        change(name, { op, value: reshape(op, undefined) });
      }}
    />
  );
}
