import { Button, Checkbox, InputNumber, Select } from "antd";
import { Plus } from "lucide-react";
import { useMeta } from "@/api/session";
import type { Operator, RecordMeta, RelatedCondition } from "@/api/types";
import { t } from "@/lib/words";
import { ConditionEditor } from "@/records/conditions/condition-editor";
import css from "@/records/conditions/related-editor.module.css";

type Props = {
  meta: RecordMeta;
  value: RelatedCondition;
  change: (value: RelatedCondition) => void;
  depth: number;
};

type Aggregate = NonNullable<RelatedCondition["aggregate"]>;
const AGGREGATES = ["count", "exists", "sum", "min", "max"] as const;
const COMPARED: Operator[] = ["gte", "gt", "lte", "lt", "is"];
const MEASURED = new Set(["integer", "decimal", "money", "duration"]);

/** "Number of orders in the last 90 days is at least 2": something counted over related records. */
export function RelatedEditor({ meta, value, change, depth }: Props) {
  const all = useMeta();
  const child = meta.children[value.related];
  const childMeta = child && all.records[child.plural];
  const measurable = Object.entries(childMeta?.fields ?? {}).filter(([, field]) => MEASURED.has(field.kind));
  const aggregate = value.aggregate ?? "exists";
  const setAggregate = (wanted: Aggregate) => {
    const { of: _of, op: _op, value: _value, ...rest } = value;
    if (wanted === "exists") return change({ ...rest, aggregate: wanted });
    const of = wanted === "count" ? {} : { of: value.of ?? measurable[0]?.[0] ?? "" };
    change({ ...rest, aggregate: wanted, ...of, op: value.op ?? "gte", value: value.value ?? 1 });
  };
  const { last: _last, where: _where, ...bare } = value;
  return (
    <div className={css.related}>
      <div className={css.line}>
        <Select
          aria-label={t("ui.condition.aggregate")}
          className={css.aggregate}
          value={aggregate}
          options={AGGREGATES.filter(
            (one) => measurable.length > 0 || one === "count" || one === "exists",
          ).map((one) => ({ value: one, label: t(`ui.aggregate.${one}`) }))}
          onChange={setAggregate}
        />
        {aggregate !== "count" && aggregate !== "exists" && (
          <Select
            aria-label={t("ui.condition.field")}
            className={css.field}
            value={value.of || null}
            options={measurable.map(([name, field]) => ({ value: name, label: field.label }))}
            onChange={(of) => change({ ...value, of })}
          />
        )}
        <Select
          aria-label={t("ui.condition.related")}
          className={css.field}
          value={value.related || null}
          options={Object.entries(meta.children).map(([name, { label }]) => ({ value: name, label }))}
          onChange={(related) => change({ related, aggregate: "count", op: "gte", value: 1 })}
        />
        {aggregate !== "exists" && (
          <>
            <Select
              aria-label={t("ui.condition.operator")}
              className={css.field}
              value={value.op ?? "gte"}
              options={COMPARED.map((op) => ({ value: op, label: t(`ui.op_name.${op}`) }))}
              onChange={(op) => change({ ...value, op })}
            />
            <InputNumber
              aria-label={t("ui.condition.value")}
              value={value.value as number}
              onChange={(next) => change({ ...value, value: next })}
            />
          </>
        )}
      </div>
      <div className={css.line}>
        <Checkbox
          checked={Boolean(value.last)}
          onChange={(event) =>
            change(
              event.target.checked
                ? { ...value, last: { days: 90 } }
                : { ...bare, ...(value.where && { where: value.where }) },
            )
          }
        >
          {t("ui.condition.only_last")}
        </Checkbox>
        {value.last && (
          <InputNumber
            min={1}
            precision={0}
            aria-label={t("ui.condition.only_last")}
            suffix={t("ui.condition.days")}
            value={value.last.days}
            onChange={(days) => change({ ...value, last: { days: days ?? 1 } })}
          />
        )}
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
            const none = "and" in where && where.and.length === 0;
            change(none ? { ...bare, ...(value.last && { last: value.last }) } : { ...value, where });
          }}
        />
      )}
    </div>
  );
}
