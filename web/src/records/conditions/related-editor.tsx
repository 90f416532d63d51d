import { Button, Select } from "antd";
import { Plus } from "lucide-react";
import { useMeta } from "@/api/session";
import type { FieldMeta, Operator, RecordMeta, RelatedCondition } from "@/api/types";
import { t } from "@/lib/words";
import { ConditionEditor } from "@/records/conditions/condition-editor";
import { ConditionValue, operatorLabel } from "@/records/conditions/field-editor";
import css from "@/records/conditions/related-editor.module.css";
import { filterable, NUMBER, reshape } from "@/records/conditions/shape";
import { GrainInput, SpanInput } from "@/records/conditions/time-inputs";
import { useRelations } from "@/records/slots";

type Props = {
  meta: RecordMeta;
  value: RelatedCondition;
  change: (value: RelatedCondition) => void;
  depth: number;
};

const AGGREGATES = ["exists", "none", "count", "sum", "min", "max", "first", "latest"] as const;
type Aggregate = (typeof AGGREGATES)[number];
const ADDED = new Set(["integer", "decimal", "money", "duration"]);
const TIMES = new Set(["date", "datetime"]);
const IN_TIME: Operator[] = ["last", "older_than", "next", "this", "previous"];

/** The fields of the related records that can be added up, compared or looked at. */
function measurable(fields: RecordMeta["fields"], aggregate: Aggregate): [string, FieldMeta][] {
  return Object.entries(fields).filter(([, field]) => {
    if (aggregate === "sum") return ADDED.has(field.kind);
    if (aggregate === "min" || aggregate === "max") return ADDED.has(field.kind) || TIMES.has(field.kind);
    return (aggregate === "first" || aggregate === "latest") && filterable(field);
  });
}

function operatorsOf(aggregate: Aggregate, field: FieldMeta): Operator[] {
  if (aggregate === "first" || aggregate === "latest") return field.operators;
  return TIMES.has(field.kind) ? [...IN_TIME, ...NUMBER.operators] : NUMBER.operators;
}

/** "Number of orders in the last 90 days is at least 2": something counted over related records. */
export function RelatedEditor({ meta, value, change, depth }: Props) {
  const all = useMeta();
  const child = meta.children[value.related];
  const childMeta = child && all.records[child.plural];
  const relations = useRelations(meta);
  // What leads back to the record itself says nothing about it.
  const { [child?.through ?? ""]: _back, ...fields } = childMeta?.fields ?? {};
  const none = (value.aggregate ?? "exists") === "exists" && value.op === "false";
  const aggregate: Aggregate = none ? "none" : (value.aggregate ?? "exists");
  const field = aggregate === "count" ? NUMBER : fields[value.of ?? ""];
  const ask = (wanted: Aggregate, of?: string) => {
    const { of: _of, op, value: old, aggregate: _aggregate, ...rest } = value;
    if (wanted === "exists") return change({ ...rest, aggregate: "exists" });
    if (wanted === "none") return change({ ...rest, aggregate: "exists", op: "false" });
    const name = of ?? measurable(fields, wanted)[0]?.[0] ?? "";
    const asked = wanted === "count" ? NUMBER : fields[name];
    const known = asked ? operatorsOf(wanted, asked) : [];
    const kept = op && known.includes(op) && asked?.kind === field?.kind ? op : (known[0] ?? "gte");
    const given = reshape(kept, asked?.kind === field?.kind ? old : wanted === "count" ? 1 : undefined);
    change({ ...rest, aggregate: wanted, ...(wanted !== "count" && { of: name }), op: kept, value: given });
  };
  const label = (one: Aggregate) =>
    field && TIMES.has(field.kind) && (one === "min" || one === "max") && one === aggregate
      ? t(`ui.aggregate.${one}_time`)
      : t(`ui.aggregate.${one}`);
  return (
    <div className={css.related}>
      <div className={css.line}>
        <Select<Aggregate>
          aria-label={t("ui.condition.aggregate")}
          className={css.aggregate}
          value={aggregate}
          options={AGGREGATES.filter(
            (one) =>
              ["exists", "none", "count"].includes(one) ||
              one === aggregate ||
              measurable(fields, one).length,
          ).map((one) => ({ value: one, label: label(one) }))}
          onChange={(wanted) => ask(wanted)}
        />
        <Select
          aria-label={t("ui.condition.related")}
          className={css.field}
          value={value.related || null}
          options={relations.map((name) => ({ value: name, label: meta.children[name]?.label }))}
          onChange={(related) => change({ related, aggregate: "count", op: "gte", value: 1 })}
        />
        {!["exists", "none", "count"].includes(aggregate) && (
          <Select
            aria-label={t("ui.condition.field")}
            className={css.field}
            showSearch={{ optionFilterProp: "label" }}
            value={value.of || null}
            options={measurable(fields, aggregate).map(([name, one]) => ({ value: name, label: one.label }))}
            onChange={(of) => ask(aggregate, of)}
          />
        )}
        {aggregate !== "exists" && aggregate !== "none" && field && (
          <>
            <Select
              aria-label={t("ui.condition.operator")}
              className={css.operator}
              popupMatchSelectWidth={false}
              value={value.op ?? "gte"}
              options={operatorsOf(aggregate, field).map((op) => ({
                value: op,
                label: operatorLabel(op, field.kind),
              }))}
              onChange={(op) => change({ ...value, op, value: reshape(op, value.value) })}
            />
            <div className={css.value}>
              <ConditionValue
                field={field}
                op={value.op ?? "gte"}
                value={value.value}
                change={(next) => change({ ...value, value: next })}
                label={t("ui.condition.value")}
              />
            </div>
          </>
        )}
      </div>
      <div className={css.line}>
        <When value={value} change={change} />
        {childMeta && !value.where && (
          <Button
            size="small"
            type="text"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => change({ ...value, where: { and: [] } })}
          >
            {t("ui.condition.only_where")}
          </Button>
        )}
      </div>
      {childMeta && value.where && (
        <ConditionEditor
          meta={childMeta}
          value={value.where}
          depth={depth + 1}
          change={(where) => {
            const { where: _where, ...bare } = value;
            change("and" in where && where.and.length === 0 ? bare : { ...value, where });
          }}
        />
      )}
    </div>
  );
}

const WHEN = ["any", "last", "this", "previous"] as const;

/** In which time the related records have to lie. */
function When({ value, change }: Pick<Props, "value" | "change">) {
  const { last, this: current, previous, ...bare } = value;
  const when = last ? "last" : current ? "this" : previous ? "previous" : "any";
  const choose = (next: (typeof WHEN)[number]) => {
    if (next === "last") return change({ ...bare, last: { days: 90 } });
    change(next === "any" ? bare : { ...bare, [next]: current ?? previous ?? "month" });
  };
  return (
    <>
      <Select
        aria-label={t("ui.condition.when")}
        className={css.operator}
        popupMatchSelectWidth={false}
        value={when}
        options={WHEN.map((one) => ({ value: one, label: t(`ui.condition.when.${one}`) }))}
        onChange={choose}
      />
      {when === "last" && (
        <SpanInput
          value={last}
          label={t("ui.condition.length")}
          change={(next) => change({ ...bare, last: next as NonNullable<typeof last> })}
        />
      )}
      {(when === "this" || when === "previous") && (
        <GrainInput
          value={current ?? previous}
          label={t("ui.condition.grain")}
          change={(next) => change({ ...bare, [when]: next as NonNullable<typeof current> })}
        />
      )}
    </>
  );
}
