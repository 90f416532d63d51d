/** Numbers that the company promises, as people say them. */
import { formatNumber } from "@/lib/format";
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
