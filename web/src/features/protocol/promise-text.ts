import type { Meta } from "@/api/types";
import type { Binding } from "@/features/protocol/pasted";
import { formatNumber, formatShare } from "@/lib/format";
import { has, t } from "@/lib/words";

/** "24 hours", as a promise says it. */
export function standardText({ value, unit }: { value: string | number; unit: string }): string {
  const key = `ui.unit.${unit}`;
  const n = Number(value);
  return has(key) ? t(key, { n }) : `${formatNumber(n)} ${unit}`;
}

/** "hours", beside a number that is being typed. */
export function unitText(unit: string): string {
  const key = `ui.unit.${unit}`;
  return has(key) ? t(key, { n: "" }).trim() : unit;
}

/** A number with the standard it is bound to, as a line says it. */
export function promiseText({ standard, value, ...more }: Binding, meta: Meta): string {
  const number = value === null ? "–" : standardText({ value, unit: more.unit });
  const label = meta.settings?.[standard]?.label;
  const target = more.target_share === null ? "" : formatShare(Number(more.target_share), 0);
  const kind = meta.records.clauses?.fields.figure_kind?.choices?.find((one) => one.value === "mean")?.label;
  return [
    label ? t("ui.value.labelled", { label, value: number }) : number,
    ...(more.figure_kind === "mean" && kind ? [kind] : []),
    ...(target ? [t("ui.protocol.target", { target })] : []),
  ].join(" · ");
}
