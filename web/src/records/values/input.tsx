import { Checkbox, Input, InputNumber, Select } from "antd";
import { type KeyboardEvent, useId } from "react";
import type { Choice, Kind, Money, Reference } from "@/api/types";
import { fromWallClock, toWallClock } from "@/lib/clock";
import { CURRENCIES, zoneOptions } from "@/lib/regions";
import { has, t } from "@/lib/words";
import { CountryInput } from "@/records/values/country-input";
import css from "@/records/values/input.module.css";
import { KeysInput } from "@/records/values/keys-input";
import { MinutesInput } from "@/records/values/minutes-input";
import { ReferenceInput } from "@/records/values/reference-input";
import { ShareInput } from "@/records/values/share-input";
import { seconds } from "@/records/values/value";
import { DayInput } from "@/ui/day-input";
import { TextArea } from "@/ui/text-area";

/** Enter takes the day that was typed; it does not send the form around it. */
const stayInForm = (event: KeyboardEvent) => event.key === "Enter" && event.preventDefault();

export type InputField = {
  kind: Kind;
  label?: string;
  choices?: Choice[] | null;
  to?: string | null;
  unit?: string | null;
  /** The kind of record of which keys are listed. */
  keysOf?: string;
  required?: boolean;
};

type Props = {
  field: InputField;
  value?: unknown;
  onChange?: (value: unknown) => void;
  id?: string;
  autoFocus?: boolean;
  label?: string;
};

function MoneyInput({ value, onChange, id, autoFocus, label }: Omit<Props, "field">) {
  const money = (value ?? {}) as Partial<Money>;
  return (
    <InputNumber<string>
      {...(id && { id })}
      className={css.full}
      stringMode
      autoFocus={autoFocus ?? false}
      aria-label={label}
      value={typeof value === "string" || typeof value === "number" ? String(value) : (money.amount ?? null)}
      {...(money.currency && { suffix: money.currency })}
      onChange={(amount) =>
        onChange?.(amount === null ? null : money.currency ? { ...money, amount } : amount)
      }
    />
  );
}

function DurationInput({ value, onChange, id, label }: Omit<Props, "field">) {
  const hours = value === null || value === undefined ? null : seconds(value) / 3_600;
  return (
    <InputNumber
      {...(id && { id })}
      className={css.full}
      aria-label={label}
      value={hours}
      min={0}
      suffix={t("ui.value.hours")}
      onChange={(next) => onChange?.(next === null ? null : Number(next) * 3_600)}
    />
  );
}

function languages(choices: Choice[] | null | undefined): Choice[] {
  return (choices ?? []).map(({ value }) => ({
    value,
    label: has(`language.${value}`) ? t(`language.${value}`) : value,
  }));
}

/** A choice that is explained, where one chooses. */
function Explained({ label, help }: Partial<Choice>) {
  return help ? (
    <div className={css.explained}>
      {label}
      <span>{help}</span>
    </div>
  ) : (
    label
  );
}

/** The one input for a kind of value: in forms, in operations, in conditions, in place. */
export function ValueInput({ field, value, onChange, id, autoFocus = false, label }: Props) {
  const fallback = useId();
  const name = { id: id ?? fallback, ...(label && { "aria-label": label }) };
  switch (field.kind) {
    case "long_text":
      return (
        <TextArea
          {...name}
          autoFocus={autoFocus}
          least={3}
          value={(value as string) ?? ""}
          onChange={(event) => onChange?.(event.target.value)}
        />
      );
    case "integer":
    case "decimal":
      if (field.unit === "seconds")
        return (
          <MinutesInput {...name} label={label} autoFocus={autoFocus} value={value} onChange={onChange} />
        );
      if (field.unit === "share")
        return <ShareInput {...name} autoFocus={autoFocus} value={value} onChange={onChange} />;
      return (
        <InputNumber
          {...name}
          autoFocus={autoFocus}
          className={css.full}
          {...(field.kind === "integer" && { precision: 0 })}
          {...(field.unit && { suffix: field.unit })}
          value={value as number | null}
          onChange={(next) => onChange?.(next)}
        />
      );
    case "money":
      return <MoneyInput {...{ value, onChange, autoFocus, label }} id={name.id} />;
    case "duration":
      return <DurationInput {...{ value, onChange, label }} id={name.id} />;
    case "boolean":
      return (
        <Checkbox
          {...name}
          autoFocus={autoFocus}
          checked={Boolean(value)}
          onChange={(event) => onChange?.(event.target.checked)}
        />
      );
    case "date":
      return (
        <DayInput
          {...name}
          autoFocus={autoFocus}
          className={css.full}
          onKeyDown={stayInForm}
          value={value ? String(value) : null}
          onChange={(day) => onChange?.(day)}
        />
      );
    case "datetime":
      return (
        <DayInput
          {...name}
          autoFocus={autoFocus}
          showTime={{ format: "HH:mm" }}
          format="YYYY-MM-DD HH:mm"
          className={css.full}
          onKeyDown={stayInForm}
          showNow={false}
          value={value ? toWallClock(String(value)) : null}
          onChange={(shown) => onChange?.(shown && fromWallClock(shown))}
        />
      );
    case "reference":
      return (
        <ReferenceInput
          to={field.to ?? ""}
          value={value as Reference | string | null}
          onChange={onChange}
          {...name}
          autoFocus={autoFocus}
        />
      );
    case "choice":
    case "language":
      return (
        <Select
          {...name}
          autoFocus={autoFocus}
          className={css.full}
          allowClear={!field.required}
          showSearch={{ optionFilterProp: "label" }}
          options={field.kind === "language" ? languages(field.choices) : (field.choices ?? [])}
          optionRender={({ data }) => <Explained {...data} />}
          value={(value as string) ?? null}
          onChange={(next) => onChange?.(next ?? null)}
        />
      );
    case "country":
      return (
        <CountryInput
          {...name}
          autoFocus={autoFocus}
          value={value as string | null}
          onChange={(next) => onChange?.(next)}
        />
      );
    case "currency":
    case "zone":
      return (
        <Select
          {...name}
          autoFocus={autoFocus}
          className={css.full}
          showSearch={{ optionFilterProp: "label" }}
          options={
            field.kind === "zone" ? zoneOptions() : CURRENCIES.map((value) => ({ value, label: value }))
          }
          value={(value as string) ?? null}
          onChange={(next) => onChange?.(next)}
        />
      );
    case "list":
      if (field.keysOf)
        return <KeysInput {...{ value, onChange, autoFocus, label }} of={field.keysOf} id={name.id} />;
      return (
        <Select
          {...name}
          autoFocus={autoFocus}
          mode={field.choices ? "multiple" : "tags"}
          className={css.full}
          options={field.choices ?? []}
          optionRender={({ data }) => <Explained {...data} />}
          value={(value as string[]) ?? []}
          onChange={(next) => onChange?.(next)}
        />
      );
    case "secret":
      return (
        <Input.Password
          {...name}
          autoFocus={autoFocus}
          autoComplete="new-password"
          value={(value as string) ?? ""}
          onChange={(event) => onChange?.(event.target.value)}
        />
      );
    default:
      return (
        <Input
          {...name}
          autoFocus={autoFocus}
          type={field.kind === "email" ? "email" : field.kind === "phone" ? "tel" : "text"}
          value={(value as string) ?? ""}
          onChange={(event) => onChange?.(event.target.value)}
        />
      );
  }
}
