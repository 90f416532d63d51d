import { Input } from "antd";
import { useState } from "react";
import { t } from "@/lib/words";
import { minutesOf, secondsOf } from "@/records/values/minutes";

type Props = {
  id?: string;
  label?: string | undefined;
  autoFocus?: boolean;
  value: unknown;
  onChange: ((value: unknown) => void) | undefined;
};

/** How long something took as one says it, in minutes and seconds; what cannot be read stays and is marked. */
export function MinutesInput({ id, label, autoFocus = false, value, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (typeof value === "number" ? minutesOf(value) : String(value ?? ""));
  const wrong = Boolean(shown) && secondsOf(shown) === null;
  const type = (text: string) => {
    setTyped(text);
    onChange?.(text ? (secondsOf(text) ?? text) : null);
  };
  return (
    <Input
      {...(id && { id })}
      autoFocus={autoFocus}
      aria-label={label}
      aria-invalid={wrong}
      {...(wrong && { status: "error" as const })}
      placeholder={t("ui.value.minutes_example")}
      maxLength={9}
      value={shown}
      onChange={(event) => type(event.target.value)}
      onBlur={() => setTyped(null)}
    />
  );
}
