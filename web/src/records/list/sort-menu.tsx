import { Button } from "antd";
import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import type { FieldMeta, RecordMeta } from "@/api/types";
import { t } from "@/lib/words";
import css from "@/records/list/sort-menu.module.css";
import { isNumber } from "@/records/values/value";
import { Menu } from "@/ui/menu";

type Props = {
  meta: RecordMeta;
  columns: string[];
  sort: string | null;
  setSort: (sort: string | null) => void;
};

/** The newest and the most come first, names from their beginning. */
function fallsFirst(field: FieldMeta | undefined): boolean {
  return Boolean(field && (isNumber(field) || field.kind === "date" || field.kind === "datetime"));
}

/** The order of a list where no heads of columns stand above it; what it is sorted by turns around. */
export function SortMenu({ meta, columns, sort, setSort }: Props) {
  const now = sort ?? meta.sort ?? "";
  const by = now.replace(/^-/, "");
  const falls = now.startsWith("-");
  const names = [...new Set([...columns, by])].filter((name) => meta.fields[name]?.sortable);
  const Arrow = falls ? ArrowDown : ArrowUp;
  const items = names.map((name) => ({
    key: name,
    label: (
      <span className={css.line}>
        {meta.fields[name]?.label}
        {name === by && (
          <Arrow size={14} role="img" aria-label={t(falls ? "ui.list.falling" : "ui.list.rising")} />
        )}
      </span>
    ),
  }));
  const choose = (name: string) => {
    const down = name === by ? !falls : fallsFirst(meta.fields[name]);
    const next = down ? `-${name}` : name;
    setSort(next === meta.sort ? null : next);
  };
  if (names.length === 0) return null;
  return (
    <Menu menu={{ items, selectedKeys: [by], onClick: ({ key }) => choose(key) }}>
      <Button type="text" icon={<ArrowUpDown size={16} aria-hidden />}>
        {t("ui.list.sort")}
      </Button>
    </Menu>
  );
}
