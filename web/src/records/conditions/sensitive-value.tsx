import { useMutation } from "@tanstack/react-query";
import { Input } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { t } from "@/lib/words";
import css from "@/records/conditions/field-editor.module.css";
import { Refusal } from "@/ui/states";

type Props = {
  plural: string;
  name: string;
  value: unknown;
  change: (value: unknown) => void;
  label: string;
  autoFocus?: boolean;
};

/** A sensitive value to look for: what goes into the condition, and so into the address, is not the value itself. */
export function SensitiveValue({ plural, name, value, change, label, autoFocus = false }: Props) {
  const [text, setText] = useState("");
  const seek = useMutation({
    mutationFn: (typed: string) =>
      api.post<{ value: string }>(`/api/${plural}/blind_index`, { field: name, value: typed }),
    onSuccess: (found) => {
      change(found.value);
      setText("");
    },
  });
  const take = () => text.trim() && !seek.isPending && seek.mutate(text);
  const sought = String(value ?? "").split("~")[1];
  return (
    <div className={css.value}>
      <Input.Search
        aria-label={label}
        autoFocus={autoFocus}
        autoComplete="off"
        value={text}
        placeholder={sought || t("ui.condition.whole_value")}
        loading={seek.isPending}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        onSearch={take}
      />
      <Refusal error={seek.error} />
    </div>
  );
}
