import { Input } from "antd";
import { useState } from "react";
import css from "@/features/settings/office-hours.module.css";
import { timeOf } from "@/features/settings/week";

type Props = { label: string; value: string; disabled: boolean; set: (time: string) => void };

/** A time of day as one types it; what is none is marked and stays until it is one. */
export function TimeInput({ label, value, disabled, set }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? value;
  const wrong = timeOf(shown) === null;
  const type = (text: string) => {
    setTyped(text);
    set(timeOf(text) ?? text);
  };
  return (
    <Input
      className={css.time}
      aria-label={label}
      aria-invalid={wrong}
      {...(wrong && { status: "error" as const })}
      disabled={disabled}
      maxLength={8}
      value={shown}
      onChange={(event) => type(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={() => setTyped(null)}
    />
  );
}
