/** A condition in plain words, for chips and for editors that cannot wait for the server. */
import type {
  Condition,
  FieldCondition,
  FieldMeta,
  Meta,
  Operator,
  RecordMeta,
  RelatedCondition,
} from "@/api/types";
import { formatMoment } from "@/lib/format";
import { has, inSentence, t } from "@/lib/words";
import { NUMBER, shapeOf, spanOf } from "@/records/conditions/shape";
import { plain } from "@/records/values/value";

const JOINT = /(?<=[\u4e00-\u9fff])(?=[-+]?[A-Za-z0-9£$€¥])|(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])/g;
/** Stands within what is quoted, where no space is put between Chinese and Latin. */
const AS_WRITTEN = "\u2060";

/** A field by path: `customer.city` follows the reference to the other kind of record. */
export function fieldAt(
  meta: Meta,
  record: RecordMeta,
  path: string,
): { field: FieldMeta; label: string } | null {
  const [head = "", ...rest] = path.split(".");
  const field = record.fields[head];
  if (!field) return null;
  if (!rest.length) return { field, label: field.label };
  const next = field.to ? meta.records[field.to] : undefined;
  const inner = next && fieldAt(meta, next, rest.join("."));
  return inner
    ? { field: inner.field, label: t("ui.condition.of", { owner: field.label, field: inner.label }) }
    : null;
}

/** When a change-set was opened: its id begins with the milliseconds since 1970. */
function openedAt(changeSet: string): string {
  const moment = new Date(Number.parseInt(changeSet.replaceAll("-", "").slice(0, 12), 16));
  return Number.isNaN(moment.getTime()) ? changeSet : formatMoment(moment.toISOString());
}

function valueText(field: FieldMeta, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => valueText(field, one)).join(t("ui.condition.or_joint"));
  if (field.kind === "sensitive") return String(value ?? "").split("~")[1] || "…";
  return plain(field, value).replace(JOINT, AS_WRITTEN) || "…";
}

function spanText(value: unknown, form: "window" | "ago" = "window"): string {
  const span = spanOf(value);
  return span ? t(`condition.${form}.${span.unit}`, { n: span.n }) : "…";
}

/** What is asked of a value, whatever it is called. */
function asked(field: FieldMeta, label: string, op: Operator, value: unknown): string {
  switch (shapeOf(op)) {
    case "span":
      return t(`condition.time.${op}`, {
        field: label,
        window: spanText(value, op === "older_than" ? "ago" : "window"),
      });
    case "period":
      return t(`condition.time.${op}`, { field: label, period: periodText(op, value) });
    case "two": {
      const [low, high] = (value as unknown[]) ?? [];
      return t("ui.op.between", { field: label, low: valueText(field, low), high: valueText(field, high) });
    }
    default:
      return t(`ui.op.${op}`, { field: label, value: valueText(field, value) });
  }
}

function periodText(op: string, value: unknown): string {
  return t(`condition.${op === "previous" ? "previous" : "this"}.${value}`);
}

function fieldText(meta: Meta, record: RecordMeta, condition: FieldCondition): string {
  if (condition.field === "written_in")
    return t(`ui.condition.written_in_${condition.op}`, { when: openedAt(String(condition.value)) });
  const found = fieldAt(meta, record, condition.field);
  if (!found) return t("ui.condition.unknown", { field: condition.field });
  return asked(found.field, found.label, condition.op, condition.value);
}

/** In which time, of which of them: said as the server's sentences say it. */
function limits(meta: Meta, childMeta: RecordMeta | undefined, condition: RelatedCondition) {
  const last = condition.last ? t("condition.last", { window: spanText(condition.last) }) : "";
  const periods = (["this", "previous"] as const).map((op) =>
    condition[op] ? t("condition.within", { period: periodText(op, condition[op]) }) : "",
  );
  const inner = condition.where && childMeta ? told(meta, childMeta, condition.where) : "";
  return {
    last: [last, ...periods].join(""),
    where: inner && t("condition.where", { inner }),
    times: "",
    figures: "",
  };
}

/** Whether they have, or have done, something at all: by the verb of the relation where it has one. */
function existsText(meta: Meta, record: RecordMeta, condition: RelatedCondition): string {
  const child = record.children[condition.related];
  const verb = `${record.name}.${condition.related}.${condition.op === "false" ? "did_not" : "did"}`;
  const rest = limits(meta, child && meta.records[child.plural], condition);
  if (has(verb)) {
    const said = t(verb);
    return t(condition.op === "false" ? "condition.did_not" : "condition.did", {
      did: said,
      did_not: said,
      ...rest,
    });
  }
  const many = inSentence(child?.label ?? condition.related);
  return t(condition.op === "false" ? "condition.has_no" : "condition.has", { many, ...rest });
}

function relatedText(meta: Meta, record: RecordMeta, condition: RelatedCondition): string {
  const aggregate = condition.aggregate ?? "exists";
  if (aggregate === "exists") return existsText(meta, record, condition);
  const child = record.children[condition.related];
  const childMeta = child && meta.records[child.plural];
  const what = inSentence(child?.label ?? condition.related);
  const of = condition.of ? (childMeta?.fields[condition.of]?.label ?? condition.of) : "";
  const subject = t(`ui.condition.${aggregate}`, { related: what, of });
  const last = condition.last ? t("ui.condition.in_last", { window: spanText(condition.last) }) : "";
  const periods = (["this", "previous"] as const).map((op) =>
    condition[op] ? t("ui.condition.in_period", { period: periodText(op, condition[op]) }) : "",
  );
  const where =
    condition.where && childMeta
      ? t("ui.condition.where", { condition: told(meta, childMeta, condition.where) })
      : "";
  const counted: FieldMeta = { ...NUMBER, label: what };
  const field = aggregate === "count" ? counted : childMeta?.fields[condition.of ?? ""];
  const compared = condition.op && field ? asked(field, "", condition.op, condition.value).trim() : "";
  return [subject, last, ...periods, where, compared].filter(Boolean).join(t("ui.condition.space"));
}

export function describe(meta: Meta, record: RecordMeta, condition: Condition): string {
  const said = told(meta, record, condition).replace(JOINT, " ").replaceAll(AS_WRITTEN, "");
  return said.charAt(0).toUpperCase() + said.slice(1);
}

function told(meta: Meta, record: RecordMeta, condition: Condition): string {
  if ("and" in condition)
    return condition.and.map((part) => nested(meta, record, part)).join(t("ui.condition.and_joint"));
  if ("or" in condition)
    return condition.or.map((part) => nested(meta, record, part)).join(t("ui.condition.or_words"));
  if ("not" in condition) return t("ui.condition.not", { condition: told(meta, record, condition.not) });
  if ("related" in condition) return relatedText(meta, record, condition);
  return fieldText(meta, record, condition);
}

function nested(meta: Meta, record: RecordMeta, condition: Condition): string {
  const text = told(meta, record, condition);
  const group =
    ("and" in condition && condition.and.length > 1) || ("or" in condition && condition.or.length > 1);
  return group ? t("ui.condition.brackets", { condition: text }) : text;
}
