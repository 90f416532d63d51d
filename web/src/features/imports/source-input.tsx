import { Input, Select } from "antd";
import type { Column, Source } from "@/features/imports/data";
import css from "@/features/imports/imports.module.css";
import { t } from "@/lib/words";

const CONSTANT = "\u0000constant";

/** Where a column of ours comes from: a heading of the file, the same text for every row, or nowhere. */
export function SourceInput({
  column,
  headings,
  source,
  change,
}: {
  column: Column;
  headings: string[];
  source: Source | undefined;
  change: (source: Source | undefined) => void;
}) {
  const constant = typeof source === "object";
  return (
    <div className={css.source}>
      <Select
        aria-label={column.label}
        className={css.full}
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        placeholder={t(column.required ? "ui.import.choose" : "ui.import.leave_out")}
        status={column.required && source === undefined ? "error" : ""}
        options={[
          ...headings.map((heading) => ({ value: heading, label: heading })),
          { value: CONSTANT, label: t("ui.import.constant") },
        ]}
        value={constant ? CONSTANT : (source ?? null)}
        onChange={(value: string | undefined) => change(value === CONSTANT ? { constant: "" } : value)}
      />
      {constant && (
        <Input
          aria-label={t("ui.import.constant_of", { column: column.label })}
          value={source.constant}
          onChange={(event) => change({ constant: event.target.value })}
        />
      )}
    </div>
  );
}
