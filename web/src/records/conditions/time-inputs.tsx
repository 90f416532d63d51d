import { InputNumber, Select } from "antd";
import type { Grain, Unit } from "@/api/types";
import { t } from "@/lib/words";
import css from "@/records/conditions/field-editor.module.css";
import { GRAINS, spanOf, UNITS } from "@/records/conditions/shape";

type Props = { value: unknown; change: (value: unknown) => void; label: string; autoFocus?: boolean };

/** How long: a number and its unit. */
export function SpanInput({ value, change, label, autoFocus = false }: Props) {
  const span = spanOf(value);
  const unit: Unit = span?.unit ?? "days";
  return (
    <span className={css.span}>
      <InputNumber
        min={1}
        precision={0}
        autoFocus={autoFocus}
        aria-label={label}
        className={css.number}
        value={span?.n || null}
        onChange={(n) => change({ [unit]: n ?? 0 })}
      />
      <Select<Unit>
        aria-label={t("ui.condition.unit")}
        className={css.unit}
        value={unit}
        options={UNITS.map((one) => ({ value: one, label: t(`ui.condition.unit.${one}`) }))}
        onChange={(next) => change({ [next]: span?.n ?? 1 })}
      />
    </span>
  );
}

/** Which calendar period: a month, a quarter. */
export function GrainInput({ value, change, label }: Props) {
  return (
    <Select<Grain>
      aria-label={label}
      className={css.unit}
      value={value as Grain}
      options={GRAINS.map((one) => ({ value: one, label: t(`ui.condition.grain.${one}`) }))}
      onChange={change}
    />
  );
}
