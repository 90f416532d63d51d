import { Button } from "antd";
import { Plus, X } from "lucide-react";
import { t } from "@/lib/words";
import type { FormField } from "@/records/forms/fields";
import css from "@/records/forms/rows-input.module.css";
import { ValueInput } from "@/records/values/input";

type RowValue = Record<string, unknown>;
type Props = { columns: FormField[]; value?: RowValue[]; onChange?: (value: RowValue[]) => void };

/** Several rows of the same fields, such as the lines of an order. */
export function RowsInput({ columns, value, onChange }: Props) {
  const rows = value?.length ? value : [{}];
  const set = (at: number, name: string, next: unknown) =>
    onChange?.(rows.map((row, index) => (index === at ? { ...row, [name]: next } : row)));
  return (
    <div className={css.rows}>
      {rows.map((row, index) => (
        <div key={index} className={css.row}>
          {columns.map((column) => (
            <div
              key={column.name}
              className={css.cell}
              data-wide={column.required && column.kind === "text"}
              data-narrow={column.kind === "boolean"}
            >
              {index === 0 && <span className={css.label}>{column.label}</span>}
              <ValueInput
                field={column}
                label={column.label}
                value={row[column.name]}
                onChange={(next) => set(index, column.name, next)}
              />
            </div>
          ))}
          <button
            type="button"
            className={css.remove}
            disabled={rows.length === 1}
            onClick={() => onChange?.(rows.filter((_, other) => other !== index))}
            aria-label={t("ui.form.remove_row", { n: index + 1 })}
          >
            <X size={14} aria-hidden />
          </button>
        </div>
      ))}
      <Button
        size="small"
        type="text"
        icon={<Plus size={14} aria-hidden />}
        onClick={() => onChange?.([...rows, {}])}
      >
        {t("ui.form.add_row")}
      </Button>
    </div>
  );
}
