import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { useRecordMeta } from "@/api/session";
import type { Money, Page, Reference } from "@/api/types";
import { useSettled } from "@/lib/use-later";
import { t } from "@/lib/words";
import { nameOf } from "@/records/data";
import css from "@/records/values/input.module.css";

type Props = {
  to: string;
  value: Reference | string | null | undefined;
  onChange?: ((value: unknown) => void) | undefined;
  id?: string;
  autoFocus?: boolean;
  placeholder?: string;
  "aria-label"?: string;
};

/** Chooses a record of another kind by typing part of its name. */
export function ReferenceInput({ to, value, onChange, ...rest }: Props) {
  const meta = useRecordMeta(to);
  const [text, setText] = useState("");
  const words = useSettled(text, 150);
  const found = useQuery({
    queryKey: ["records", to, "list", "choose", words],
    queryFn: ({ signal }) => api.get<Page>(`/api/${to}`, { q: words || undefined, limit: 20 }, signal),
    enabled: Boolean(to),
    placeholderData: keepPreviousData,
  });
  const options = (found.data?.rows ?? []).map((row) => ({ value: row.id, label: nameOf(meta, row) }));
  const given = typeof value === "object" ? value : null;
  if (given?.id && !options.some((option) => option.value === given.id)) {
    options.unshift({ value: given.id, label: given.label });
  }
  return (
    <Select
      {...rest}
      className={css.full}
      allowClear
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={found.isFetching}
      options={options}
      value={(typeof value === "object" ? value?.id : value) ?? null}
      notFoundContent={found.isPending ? null : t("ui.search.nothing")}
      onChange={(id) => {
        const chosen = options.find((option) => option.value === id);
        onChange?.(chosen ? { id: chosen.value, label: chosen.label } : null);
      }}
    />
  );
}

/** What is sent for a value: a reference travels as its id, money as its amount. */
export function sent(value: unknown): unknown {
  if (!value || typeof value !== "object") return value;
  if ("id" in value && "label" in value) return (value as Reference).id;
  return "amount" in value ? (value as Money).amount : value;
}
