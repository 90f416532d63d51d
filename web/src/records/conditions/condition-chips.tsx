import { Button, Popover } from "antd";
import { ListFilter, X } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { useMeta } from "@/api/session";
import type { Condition, RecordMeta } from "@/api/types";
import { useKeys } from "@/lib/keys";
import { t } from "@/lib/words";
import css from "@/records/conditions/condition-chips.module.css";
import { describe, fieldAt } from "@/records/conditions/sentence";
import { isComplete, isField, joined, parts } from "@/records/conditions/shape";

const PartEditor = lazy(() =>
  import("@/records/conditions/part-editor").then((m) => ({ default: m.PartEditor })),
);

type Props = { meta: RecordMeta; where: Condition | null; change: (where: Condition | null) => void };

/** The conditions of a list, each a chip in plain words that opens its editor. */
export function ConditionChips({ meta, where, change }: Props) {
  const all = useMeta();
  const [open, setOpen] = useState<number | null>(null);
  const [draft, setDraft] = useState<Condition | null>(null);
  const adder = useRef<HTMLButtonElement>(null);
  const conditions = parts(where);
  const count = conditions.length;
  useKeys({
    f: (event) => {
      event.preventDefault();
      setDraft(null);
      setOpen(count);
    },
  });

  const shut = () => {
    setOpen(null);
    setDraft(null);
  };
  /** Who looks elsewhere or is done means what they chose; who takes it back by Escape does not. */
  const close = () => {
    if (draft && open !== null && isComplete(draft)) {
      change(
        joined(
          open < count
            ? conditions.map((old, index) => (index === open ? draft : old))
            : [...conditions, draft],
        ),
      );
    }
    shut();
  };
  /** Ended by a key, the keyboard is where the filters are. */
  const byKey = (end: () => void) => () => {
    end();
    adder.current?.focus();
  };
  const remove = (index: number) => change(joined(conditions.filter((_, other) => other !== index)));
  const editor = (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears Escape of the inputs inside
    <div
      onKeyDown={(event) => {
        if (event.key !== "Escape" || document.querySelector(".ant-select-open")) return;
        event.stopPropagation();
        byKey(shut)();
      }}
    >
      <Suspense fallback={<div className={css.waiting} />}>
        <PartEditor meta={meta} value={draft} change={setDraft} done={byKey(close)} />
      </Suspense>
    </div>
  );
  return (
    <div className={css.chips}>
      {conditions.map((condition, index) => {
        const text = describe(all, meta, condition);
        const editable = !isField(condition) || fieldAt(all, meta, condition.field) !== null;
        return (
          <span key={JSON.stringify(condition)} className={css.chip}>
            {editable ? (
              <Popover
                open={open === index}
                onOpenChange={(next) => {
                  if (!next) return close();
                  setDraft(condition);
                  setOpen(index);
                }}
                trigger="click"
                placement="bottomLeft"
                content={editor}
                destroyOnHidden
              >
                <button
                  type="button"
                  className={css.text}
                  aria-haspopup="dialog"
                  aria-expanded={open === index}
                >
                  {text}
                </button>
              </Popover>
            ) : (
              <span className={css.said}>{text}</span>
            )}
            <button
              type="button"
              className={css.remove}
              onClick={() => remove(index)}
              aria-label={t("ui.condition.remove", { condition: text })}
            >
              <X size={14} aria-hidden />
            </button>
          </span>
        );
      })}
      <Popover
        open={open === count}
        onOpenChange={(next) => {
          if (!next) return close();
          setDraft(null);
          setOpen(count);
        }}
        trigger="click"
        placement="bottomLeft"
        content={editor}
        destroyOnHidden
      >
        <Button ref={adder} type="text" icon={<ListFilter size={16} aria-hidden />}>
          {t("ui.condition.add")}
        </Button>
      </Popover>
      {count > 1 && (
        <Button type="text" onClick={() => change(null)}>
          {t("ui.condition.clear")}
        </Button>
      )}
    </div>
  );
}
