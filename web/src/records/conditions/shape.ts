/** Reading and changing conditions as a tree. */
import type {
  Condition,
  FieldCondition,
  FieldMeta,
  Grain,
  Operator,
  RelatedCondition,
  Span,
  Unit,
} from "@/api/types";

/** Whether a person can ask about a field. */
export function filterable(field: FieldMeta): boolean {
  return field.operators.length > 0 && field.kind !== "json" && field.kind !== "id";
}

export type Join = "and" | "or";

export function isField(condition: Condition): condition is FieldCondition {
  return "field" in condition;
}

export function isRelated(condition: Condition): condition is RelatedCondition {
  return "related" in condition;
}

/** The parts that all must hold: what a list shows as chips. */
export function parts(condition: Condition | null): Condition[] {
  if (!condition) return [];
  return "and" in condition ? condition.and : [condition];
}

export function joined(all: Condition[]): Condition | null {
  if (all.length === 0) return null;
  return all.length === 1 ? (all[0] ?? null) : { and: all };
}

/** What a count is, to inputs and to words. */
export const NUMBER: FieldMeta = {
  label: "",
  kind: "integer",
  required: true,
  writable: false,
  sortable: false,
  masked: false,
  closable: false,
  operators: ["gte", "gt", "lte", "lt", "is", "is_not", "between"],
};
export const UNITS: Unit[] = ["hours", "days", "weeks", "months", "years"];
export const GRAINS: Grain[] = ["day", "week", "month", "quarter", "year"];

/** A length of time as its unit and how many of them. */
export function spanOf(value: unknown): { unit: Unit; n: number } | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const [unit, n] = Object.entries(value as Span)[0] ?? [];
  return UNITS.includes(unit as Unit) ? { unit: unit as Unit, n: n ?? 0 } : null;
}

export type ValueShape = "none" | "one" | "many" | "two" | "span" | "period";

export function shapeOf(op: Operator): ValueShape {
  if (["empty", "not_empty", "true", "false", "me", "my_team"].includes(op)) return "none";
  if (op === "in" || op === "not_in" || op === "contains_any") return "many";
  if (op === "between") return "two";
  if (["last", "older_than", "next", "anniversary_within"].includes(op)) return "span";
  if (["this", "previous", "anniversary_this"].includes(op)) return "period";
  return "one";
}

/** The operator one most likely means for a kind of field. */
export function firstOperator(field: FieldMeta): Operator {
  const wish: Partial<Record<FieldMeta["kind"], Operator[]>> = {
    choice: ["in"],
    reference: ["in", "is"],
    text: ["contains"],
    email: ["contains"],
    phone: ["contains"],
    list: ["contains"],
    boolean: ["true"],
    datetime: ["last"],
    date: ["last"],
    money: ["gte"],
    integer: ["gte"],
    decimal: ["gte"],
    duration: ["gte"],
  };
  return wish[field.kind]?.find((op) => field.operators.includes(op)) ?? field.operators[0] ?? "is";
}

/** A value kept when the operator changes, if it still has the right shape. */
export function reshape(op: Operator, value: unknown): unknown {
  const shape = shapeOf(op);
  const span = spanOf(value);
  const isPeriod = GRAINS.includes(value as Grain);
  if (shape === "none") return undefined;
  if (shape === "span") return span ? value : { days: 30 };
  if (shape === "period") return isPeriod ? value : "month";
  if (span || isPeriod) return shape === "many" ? [] : shape === "two" ? [null, null] : null;
  if (shape === "many") return Array.isArray(value) ? value : value ? [value] : [];
  if (shape === "two")
    return Array.isArray(value) ? [value[0] ?? null, value[1] ?? null] : [value ?? null, null];
  return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
}

/** Whether everything that has to be said has been said. */
export function isComplete(condition: Condition): boolean {
  if ("and" in condition) return condition.and.every(isComplete);
  if ("or" in condition) return condition.or.length > 0 && condition.or.every(isComplete);
  if ("not" in condition) return isComplete(condition.not);
  if (isRelated(condition)) {
    if (condition.where && !isComplete(condition.where)) return false;
    if ((condition.aggregate ?? "exists") === "exists") return true;
    if (condition.aggregate !== "count" && !condition.of) return false;
    return isSaid(condition.op ?? "gte", condition.value);
  }
  return isSaid(condition.op, condition.value);
}

function isSaid(op: Operator, value: unknown): boolean {
  const given = (value: unknown) => value !== null && value !== undefined && value !== "";
  switch (shapeOf(op)) {
    case "none":
      return true;
    case "many":
      return Array.isArray(value) && value.length > 0;
    case "two":
      return Array.isArray(value) && value.length === 2 && value.every(given);
    case "span":
      return Boolean(spanOf(value)?.n);
    default:
      return given(value);
  }
}
