import { Button, Checkbox, Popover } from "antd";
import { ChevronDown, ChevronUp, Columns3 } from "lucide-react";
import type { RecordMeta } from "@/api/types";
import { t } from "@/lib/words";
import css from "@/records/list/columns-menu.module.css";

type Props = { meta: RecordMeta; columns: string[]; setColumns: (columns: string[] | null) => void };

/** Which fields are columns and in what order; the title always comes first. */
export function ColumnsMenu({ meta, columns, setColumns }: Props) {
  const shown = columns.filter((name) => name !== meta.title);
  const hidden = Object.keys(meta.fields).filter(
    (name) => !columns.includes(name) && !["json", "id"].includes(meta.fields[name]?.kind ?? ""),
  );
  const move = (from: number, step: number) => {
    const next = [...shown];
    const [name] = next.splice(from, 1);
    if (name) next.splice(from + step, 0, name);
    setColumns(next);
  };
  const content = (
    <div className={css.menu}>
      <ul>
        {shown.map((name, index) => (
          <li key={name} className={css.line}>
            <Checkbox checked onChange={() => setColumns(shown.filter((other) => other !== name))}>
              {meta.fields[name]?.label}
            </Checkbox>
            <span className={css.moves}>
              <button
                type="button"
                disabled={index === 0}
                onClick={() => move(index, -1)}
                aria-label={t("ui.columns.up", { column: meta.fields[name]?.label })}
              >
                <ChevronUp size={14} aria-hidden />
              </button>
              <button
                type="button"
                disabled={index === shown.length - 1}
                onClick={() => move(index, 1)}
                aria-label={t("ui.columns.down", { column: meta.fields[name]?.label })}
              >
                <ChevronDown size={14} aria-hidden />
              </button>
            </span>
          </li>
        ))}
        {hidden.map((name) => (
          <li key={name} className={css.line}>
            <Checkbox checked={false} onChange={() => setColumns([...shown, name])}>
              {meta.fields[name]?.label}
            </Checkbox>
          </li>
        ))}
      </ul>
      <Button size="small" type="text" onClick={() => setColumns(null)}>
        {t("ui.columns.default")}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={content} title={t("ui.columns.title")}>
      <Button type="text" icon={<Columns3 size={16} aria-hidden />}>
        {t("ui.columns.menu")}
      </Button>
    </Popover>
  );
}
