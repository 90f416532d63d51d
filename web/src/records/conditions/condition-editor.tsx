import { Button, Segmented } from "antd";
import { Plus, X } from "lucide-react";
import type { Condition, RecordMeta } from "@/api/types";
import { t } from "@/lib/words";
import css from "@/records/conditions/condition-editor.module.css";
import { FieldEditor } from "@/records/conditions/field-editor";
import { RelatedEditor } from "@/records/conditions/related-editor";
import {
  filterable,
  firstOperator,
  isField,
  isRelated,
  type Join,
  reshape,
} from "@/records/conditions/shape";
import { useRelations } from "@/records/slots";

type Props = { meta: RecordMeta; value: Condition; change: (value: Condition) => void; depth?: number };

const DEEPEST = 3;

function freshField(meta: RecordMeta): Condition {
  const [name, field] = Object.entries(meta.fields).find(([, one]) => filterable(one)) ?? [];
  if (!name || !field) return { and: [] };
  const op = firstOperator(field);
  return { field: name, op, value: reshape(op, undefined) };
}

function freshRelated(related: string): Condition {
  return { related, aggregate: "count", op: "gte", value: 1 };
}

/** One line of a group: a field, something counted over related records, or a group of its own. */
function Part({ meta, value, change, remove, depth }: Required<Props> & { remove: () => void }) {
  const negated = "not" in value;
  const inner = negated ? value.not : value;
  const set = (next: Condition) => change(negated ? { not: next } : next);
  return (
    <li className={css.part} data-group={!isField(inner) && !isRelated(inner)}>
      <button
        type="button"
        className={css.not}
        aria-pressed={negated}
        onClick={() => change(negated ? inner : { not: inner })}
        title={t("ui.condition.negate")}
      >
        {t("ui.condition.not_word")}
      </button>
      {isField(inner) ? (
        <FieldEditor meta={meta} value={inner} change={set} />
      ) : isRelated(inner) ? (
        <RelatedEditor meta={meta} value={inner} change={set} depth={depth} />
      ) : (
        <ConditionEditor meta={meta} value={inner} change={set} depth={depth + 1} />
      )}
      <button
        type="button"
        className={css.remove}
        onClick={remove}
        aria-label={t("ui.condition.remove_part")}
      >
        <X size={14} aria-hidden />
      </button>
    </li>
  );
}

/** And, or, not over fields and related records, as deep as one can still read. */
export function ConditionEditor({ meta, value, change, depth = 0 }: Props) {
  const [related] = useRelations(meta);
  const join: Join = "or" in value ? "or" : "and";
  const list = "or" in value ? value.or : "and" in value ? value.and : [value];
  const set = (next: Condition[], by: Join = join) => change(by === "or" ? { or: next } : { and: next });
  return (
    <div className={css.group} data-depth={depth}>
      {list.length > 1 && (
        <Segmented<Join>
          size="small"
          aria-label={t("ui.condition.join")}
          options={[
            { value: "and", label: t("ui.condition.all") },
            { value: "or", label: t("ui.condition.any") },
          ]}
          value={join}
          onChange={(by) => set(list, by)}
        />
      )}
      <ul className={css.parts}>
        {list.map((part, index) => (
          <Part
            key={index}
            meta={meta}
            value={part}
            depth={depth}
            change={(next) => set(list.map((old, other) => (other === index ? next : old)))}
            remove={() => set(list.filter((_, other) => other !== index))}
          />
        ))}
      </ul>
      <div className={css.add}>
        <Button
          size="small"
          type="text"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => set([...list, freshField(meta)])}
        >
          {t("ui.condition.add_field")}
        </Button>
        {related && (
          <Button
            size="small"
            type="text"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => set([...list, freshRelated(related)])}
          >
            {t("ui.condition.add_related")}
          </Button>
        )}
        {depth < DEEPEST && (
          <Button
            size="small"
            type="text"
            icon={<Plus size={14} aria-hidden />}
            onClick={() =>
              set([...list, join === "and" ? { or: [freshField(meta)] } : { and: [freshField(meta)] }])
            }
          >
            {t("ui.condition.add_group")}
          </Button>
        )}
      </div>
    </div>
  );
}
