import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { useRecordMeta } from "@/api/session";
import type { Page } from "@/api/types";
import { useSettled } from "@/lib/use-later";
import { nameOf, rowQuery } from "@/records/data";
import css from "@/records/values/input.module.css";

type Props = { to: string; value: string[]; onChange: (value: string[]) => void; label: string };

/** Chooses several records of another kind; those already chosen are asked for by name. */
export function ReferencesInput({ to, value, onChange, label }: Props) {
  const meta = useRecordMeta(to);
  const [text, setText] = useState("");
  const words = useSettled(text, 150);
  const found = useQuery({
    queryKey: ["records", to, "list", "choose", words],
    queryFn: ({ signal }) => api.get<Page>(`/api/${to}`, { q: words || undefined, limit: 20 }, signal),
    placeholderData: keepPreviousData,
  });
  const named = useQueries({ queries: value.map((id) => ({ ...rowQuery(to, id), staleTime: 300_000 })) });
  const rows = [...(found.data?.rows ?? []), ...named.flatMap((query) => query.data ?? [])];
  const options = [
    ...new Map(rows.map((row) => [row.id, { value: row.id, label: nameOf(meta, row) }])).values(),
  ];
  return (
    <Select
      mode="multiple"
      aria-label={label}
      className={css.full}
      showSearch={{ filterOption: false, onSearch: setText }}
      options={options}
      value={value}
      onChange={onChange}
    />
  );
}
