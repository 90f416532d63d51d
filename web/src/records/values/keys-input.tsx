import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { api } from "@/api/client";
import { useRecordMeta } from "@/api/session";
import type { Page, Row } from "@/api/types";
import { nameOf } from "@/records/data";
import css from "@/records/values/input.module.css";

type Props = {
  of: string;
  id: string;
  label?: string | undefined;
  autoFocus: boolean;
  value: unknown;
  onChange: ((value: unknown) => void) | undefined;
};

const MOST = 200;

/** Chooses several of a few records that are known by a key, such as roles, by their names. */
export function KeysInput({ of, id, label, autoFocus, value, onChange }: Props) {
  const meta = useRecordMeta(of);
  const wish = { limit: MOST };
  const rows = useQuery({
    queryKey: ["records", of, "list", "keys", wish],
    queryFn: ({ signal }) => api.get<Page<Row>>(`/api/${of}`, wish, signal),
    enabled: meta !== undefined,
  });
  return (
    <Select
      id={id}
      aria-label={label}
      autoFocus={autoFocus}
      className={css.full}
      mode={meta ? "multiple" : "tags"} // who may not read them has to know their keys
      showSearch={{ optionFilterProp: "label" }}
      loading={rows.isFetching}
      options={(rows.data?.rows ?? []).map((row) => ({ value: String(row.key), label: nameOf(meta, row) }))}
      value={(value as string[]) ?? []}
      onChange={(next) => onChange?.(next)}
    />
  );
}
