import { Button, Input } from "antd";
import { Plus, Search, X } from "lucide-react";
import { useEffect, useState } from "react";
import type { Count, RecordMeta } from "@/api/types";
import { useSettled } from "@/lib/use-later";
import { usePhone } from "@/lib/use-phone";
import { inSentence, t } from "@/lib/words";
import { ConditionChips } from "@/records/conditions/condition-chips";
import type { ListWish } from "@/records/data";
import { ColumnsMenu } from "@/records/list/columns-menu";
import { JumpMenu } from "@/records/list/jump-menu";
import css from "@/records/list/list-head.module.css";
import type { ListState } from "@/records/list/list-state";
import { SortMenu } from "@/records/list/sort-menu";
import { Tabs } from "@/records/list/tabs";
import { ViewTabs } from "@/records/list/view-tabs";
import { useSlots } from "@/records/slots";

type Props = {
  meta: RecordMeta;
  state: ListState;
  columns: string[];
  setColumns: (columns: string[] | null) => void;
  count: Count | null | undefined;
  create: (() => void) | undefined;
  /** A list longer than a page is entered anywhere. */
  places: { wish: ListWish; from: string | null; jump: (from: string | null) => void } | undefined;
  /** On a phone rows are ticked only while one chooses. */
  choosing: boolean;
  setChoosing: (on: boolean) => void;
  /** Whether there is a row that may be chosen. */
  some: boolean;
};

function Words({ state }: { state: ListState }) {
  const [text, setText] = useState(state.q);
  const settled = useSettled(text, 250);
  const { q, set } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing sends words
  useEffect(() => {
    if (settled.trim() !== q) set({ q: settled.trim() });
  }, [settled]);
  useEffect(() => setText((old) => (old.trim() === q ? old : q)), [q]);
  return (
    <Input
      className={css.words}
      prefix={<Search size={14} aria-hidden />}
      allowClear={{ clearIcon: <X size={14} aria-label={t("ui.do.clear")} /> }}
      placeholder={t("ui.list.find")}
      aria-label={t("ui.list.find")}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

export function ListHead(props: Props) {
  const { meta, state, columns, setColumns, count, create, places, choosing, setChoosing, some } = props;
  const phone = usePhone();
  const slots = useSlots(meta.plural);
  const Action = slots.action;
  return (
    <div className={css.head}>
      {slots.place && <Tabs of={slots.place} here={`/${meta.plural}`} count={count} />}
      <div className={css.line}>
        <div className={css.left}>
          <ViewTabs meta={meta} state={state} columns={columns} />
          {meta.search && <Words state={state} />}
          <ConditionChips meta={meta} where={state.where} change={(where) => state.set({ where })} />
        </div>
        <div className={css.right}>
          {phone && (
            <SortMenu {...{ meta, columns }} sort={state.sort} setSort={(sort) => state.set({ sort })} />
          )}
          {places && <JumpMenu meta={meta} {...places} />}
          {!phone && <ColumnsMenu meta={meta} columns={columns} setColumns={setColumns} />}
          {phone && (
            <Button disabled={!some} aria-pressed={choosing} onClick={() => setChoosing(!choosing)}>
              {t(choosing ? "ui.do.cancel" : "ui.bulk.select")}
            </Button>
          )}
          {Action && <Action plural={meta.plural} />}
          {create && !(phone && choosing) && (
            <Button
              type="primary"
              icon={<Plus size={16} aria-hidden />}
              onClick={create}
              className={css.create}
            >
              {t("ui.create.one", { record: inSentence(meta.label.one) })}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
