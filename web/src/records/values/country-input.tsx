import { Select } from "antd";
import { useState } from "react";
import { countryOptions } from "@/lib/regions";
import css from "@/records/values/input.module.css";

type Props = {
  value: string | null;
  onChange?: (next: string) => void;
  id?: string;
  "aria-label"?: string;
  autoFocus?: boolean;
};

/** A country by its name; what is typed and no country of the list is taken as it is, as a file may call one. */
export function CountryInput({ value, onChange, ...rest }: Props) {
  const [typed, setTyped] = useState("");
  const known = countryOptions(value || undefined);
  const said = typed.trim();
  const fits = known.some(({ label }) => label.toLowerCase().includes(said.toLowerCase()));
  return (
    <Select
      {...rest}
      className={css.full}
      allowClear
      showSearch={{ optionFilterProp: "label", onSearch: setTyped }}
      options={said && !fits ? [...known, { value: said, label: said }] : known}
      value={value || null}
      onChange={(next) => onChange?.(next ?? "")}
    />
  );
}
