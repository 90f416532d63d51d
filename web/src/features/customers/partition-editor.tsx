import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { ChevronDown, ChevronUp, Plus, X } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import type { Choice, Condition, RecordMeta, Row } from "@/api/types";
import { type Segment, type SegmentClass, useClassNames } from "@/features/customers/classes";
import css from "@/features/customers/partition-editor.module.css";
import { formatNumber } from "@/lib/format";
import { useSettled } from "@/lib/use-later";
import { t } from "@/lib/words";
import { ConditionEditor } from "@/records/conditions/condition-editor";
import { isComplete } from "@/records/conditions/shape";
import { settleRow } from "@/records/data";
import { problemText, Refusal } from "@/ui/states";

type Line = SegmentClass & { id: number };
const MOST = 20;
let made = 0;
const line = (one: SegmentClass): Line => ({ ...one, id: ++made });
const fresh = () => line({ class: "", condition: { and: [] } });

function ready({ condition, class: name }: SegmentClass): boolean {
  const inner = "and" in condition ? condition.and : "or" in condition ? condition.or : [condition];
  return name.trim() !== "" && inner.length > 0 && isComplete(condition);
}

/** How many each class would have, counted while one writes. */
function useCounts(classes: SegmentClass[], otherwise: string) {
  const whole = classes.length > 0 && classes.every(ready) && otherwise.trim() !== "";
  const asked = useSettled(whole ? JSON.stringify({ classes, otherwise }) : "", 350);
  const found = useQuery({
    queryKey: ["records", "customers", "list", "classes", asked],
    queryFn: () =>
      api.post<{ counts: Record<string, number> }>("/api/segments/preview_classes", JSON.parse(asked)),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
  });
  return { whole, counts: asked ? found.data?.counts : undefined, error: asked ? found.error : null };
}

function Count({ n }: { n: number | undefined }) {
  return (
    <span className={css.count}>
      {n === undefined ? "–" : formatNumber(n)} <small>{t("ui.segment.count", { n: n ?? 0 })}</small>
    </span>
  );
}

/** The name of a class: free, or one of the values of the field that the partition is written into. */
function Name(props: { value: string; change: (name: string) => void; label: string; choices?: Choice[] }) {
  const { value, change, label, choices } = props;
  const { said, kept } = useClassNames();
  if (choices)
    return (
      <Select
        className={css.name}
        aria-label={label}
        options={choices}
        value={value || undefined}
        placeholder={label}
        onChange={change}
      />
    );
  return (
    <Input
      className={css.name}
      aria-label={label}
      placeholder={label}
      maxLength={40}
      value={said(value)}
      onChange={(event) => change(kept(event.target.value))}
    />
  );
}

type ClassProps = {
  one: Line;
  at: number;
  last: number;
  meta: RecordMeta;
  n: number | undefined;
  choices?: Choice[];
  change: (next: SegmentClass) => void;
  move: (by: number) => void;
  remove: () => void;
};

/** One class: its name, its place among the others, who is in it and how many they are. */
function ClassLine({ one, at, last, meta, n, choices, change, move, remove }: ClassProps) {
  const name = one.class || t("ui.segment.class", { n: at + 1 });
  return (
    <li className={css.line}>
      <div className={css.head}>
        <span className={css.place}>{at + 1}</span>
        <Name
          value={one.class}
          label={t("ui.segment.class_name")}
          choices={choices}
          change={(next) => change({ ...one, class: next })}
        />
        <Count n={n} />
        <span className={css.moves}>
          <button
            type="button"
            id={`up-${one.id}`}
            disabled={at === 0}
            onClick={() => move(-1)}
            aria-label={t("ui.segment.class_up", { name })}
          >
            <ChevronUp size={16} aria-hidden />
          </button>
          <button
            type="button"
            id={`down-${one.id}`}
            disabled={at === last}
            onClick={() => move(1)}
            aria-label={t("ui.segment.class_down", { name })}
          >
            <ChevronDown size={16} aria-hidden />
          </button>
          <button type="button" onClick={remove} aria-label={t("ui.segment.class_remove", { name })}>
            <X size={16} aria-hidden />
          </button>
        </span>
      </div>
      <ConditionEditor
        meta={meta}
        value={one.condition}
        change={(condition: Condition) => change({ class: one.class, condition })}
      />
    </li>
  );
}

/** Keeps the keyboard where it was when a class changes its place. */
function useKeptFocus() {
  const wanted = useRef<string[]>([]);
  useLayoutEffect(() => {
    for (const id of wanted.current) {
      const button = document.getElementById(id) as HTMLButtonElement | null;
      if (button && !button.disabled) {
        button.focus();
        break;
      }
    }
    wanted.current = [];
  });
  return (...ids: string[]) => {
    wanted.current = ids;
  };
}

type Props = { meta: RecordMeta; name?: string; segment?: Segment; close?: () => void };

/** Everybody in exactly one class: the classes in their order, counted while one writes. */
export function PartitionEditor({ meta, name = "", segment, close }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [lines, setLines] = useState<Line[]>(() => segment?.classes.map(line) ?? [fresh()]);
  const [otherwise, setOtherwise] = useState(segment?.otherwise ?? "");
  const keepFocus = useKeptFocus();
  const choices = (segment && meta.fields[segment.key]?.choices) ?? undefined;
  const classes = lines.map(({ class: called, condition }) => ({ class: called.trim(), condition }));
  const { whole, counts, error } = useCounts(classes, otherwise.trim());
  const save = useMutation({
    mutationFn: () => {
      const said = { classes, otherwise: otherwise.trim() };
      return segment
        ? api.post<Row>(`/api/segments/${segment.id}/define`, said)
        : api.post<Row>("/api/segments", { name: name.trim(), kind: "partition", ...said });
    },
    onSuccess: (row) => {
      settleRow(client, "segments", row);
      if (segment) close?.();
      else navigate(`/segments/${row.id}`, { replace: true });
    },
  });
  const move = (at: number, by: number) => {
    const next = [...lines];
    const [one] = next.splice(at, 1);
    if (!one) return;
    next.splice(at + by, 0, one);
    keepFocus(...(by < 0 ? [`up-${one.id}`, `down-${one.id}`] : [`down-${one.id}`, `up-${one.id}`]));
    setLines(next);
  };
  return (
    <section className={css.editor} aria-label={t("customers.segment.classes")}>
      <p className={css.help}>{t("ui.segment.classes_help")}</p>
      <ol className={css.lines}>
        {lines.map((one, at) => (
          <ClassLine
            key={one.id}
            {...{ one, at, meta, choices }}
            last={lines.length - 1}
            n={counts?.[one.class.trim()]}
            change={(next) =>
              setLines(lines.map((old) => (old.id === one.id ? { ...next, id: one.id } : old)))
            }
            move={(by) => move(at, by)}
            remove={() => setLines(lines.filter(({ id }) => id !== one.id))}
          />
        ))}
        <li className={css.line}>
          <div className={css.head}>
            <span className={css.place}>{lines.length + 1}</span>
            <Name
              value={otherwise}
              label={t("ui.segment.others_name")}
              choices={choices}
              change={setOtherwise}
            />
            <Count n={counts?.[otherwise.trim()]} />
          </div>
          <p className={css.help}>{t("ui.segment.otherwise")}</p>
        </li>
      </ol>
      {error && <p className={css.refusal}>{problemText(error)}</p>}
      {!whole && <p className={css.help}>{t("ui.segment.classes_incomplete")}</p>}
      <div className={css.save}>
        <Button
          icon={<Plus size={14} aria-hidden />}
          disabled={lines.length >= MOST}
          onClick={() => setLines([...lines, fresh()])}
        >
          {t("ui.segment.add_class")}
        </Button>
        <Button
          type="primary"
          disabled={!whole || (!segment && !name.trim())}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          {t(segment ? "ui.do.save" : "ui.segment.create")}
        </Button>
        {close && <Button onClick={close}>{t("ui.do.cancel")}</Button>}
        <Refusal error={save.error} />
      </div>
    </section>
  );
}
