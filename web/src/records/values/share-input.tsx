import { InputNumber } from "antd";
import css from "@/records/values/input.module.css";

type Props = {
  id: string;
  "aria-label"?: string;
  autoFocus?: boolean | undefined;
  value: unknown;
  onChange: ((next: number | null) => void) | undefined;
};

/** A share between nothing and one, asked for in percent. */
export function ShareInput({ value, onChange, ...rest }: Props) {
  return (
    <InputNumber
      {...rest}
      className={css.full}
      suffix="%"
      value={value === null || value === undefined ? null : Math.round(Number(value) * 1e4) / 100}
      onChange={(next) => onChange?.(next === null ? null : next / 100)}
    />
  );
}
