import { DatePicker, type DatePickerProps } from "antd";
import dayjs from "dayjs";
import { useMemo } from "react";

type Manner =
  | "allowClear"
  | "autoFocus"
  | "className"
  | "format"
  | "id"
  | "onKeyDown"
  | "placeholder"
  | "showNow"
  | "showTime";

type Props = Pick<DatePickerProps, Manner> & {
  "aria-label"?: string | undefined;
  /** A day ("2026-03-01") or, where the time is shown, a wall clock ("2026-03-01T09:00:00"). */
  value?: string | null | undefined;
  onChange?: ((next: string | null) => void) | undefined;
  min?: string | undefined;
  max?: string | undefined;
};

/**
 * Asks for a day, or for a moment by a wall clock. Ant Design takes each new object for a new value and forgets what
 * is being typed: so the object stays the same while the text says the same, however often the page is drawn.
 */
export function DayInput({ value, onChange, min, max, ...rest }: Props) {
  const shown = useMemo(() => (value ? dayjs(value) : null), [value]);
  return (
    <DatePicker
      {...rest}
      value={shown}
      {...(min && { minDate: dayjs(min) })}
      {...(max && { maxDate: dayjs(max) })}
      onChange={(next) =>
        onChange?.(next ? next.format(rest.showTime ? "YYYY-MM-DDTHH:mm:ss" : "YYYY-MM-DD") : null)
      }
    />
  );
}
