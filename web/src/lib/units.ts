/** Numbers that the company promises, as people say them. */
import { formatNumber } from "@/lib/format";
import { has, t } from "@/lib/words";

/** In which hours a length of time is counted: those of the clock, or those that the office is open. */
export type Counting = "clock" | "office";
type Promised = { value: string | number; unit: string; counted_in?: Counting };

const keyOf = (unit: string, counted_in: Counting = "clock") =>
  `ui.unit.${counted_in === "clock" ? unit : `${counted_in}_${unit}`}`;

/** "24 hours", as a promise says it; "24 office hours" where it is counted in them. */
export function standardText({ value, unit, counted_in }: Promised): string {
  const key = keyOf(unit, counted_in);
  const n = Number(value);
  return has(key) ? t(key, { n }) : `${formatNumber(n)} ${unit}`;
}

/** "hours", beside a number that is being typed. */
export function unitText(unit: string, counted_in?: Counting): string {
  const key = keyOf(unit, counted_in);
  return has(key) ? t(key, { n: "" }).trim() : unit;
}
