/** Numbers that the company promises, as people say them. */
import { formatFigure, formatNumber } from "@/lib/format";
import { has, t } from "@/lib/words";

/** How a length of time is counted: by the clock, in hours the office is open, or in days it is open on. */
export type Counting = "clock" | "office" | "workdays";
type Promised = { value: string | number; unit: string; counted_in?: Counting };
const HOURS: Record<string, number> = { seconds: 1 / 3600, minutes: 1 / 60, hours: 1, days: 24 };

const keyOf = (unit: string, counted_in: Counting = "clock") =>
  `ui.unit.${counted_in === "clock" ? unit : counted_in === "office" ? `office_${unit}` : "workdays"}`;

/** How many of what it is counted in a number is: 48 hours are two working days. */
export function counted(value: number, unit: string, counted_in: Counting = "clock"): number {
  return counted_in === "workdays" ? (value * (HOURS[unit] ?? 1)) / 24 : value;
}

/** The other way round: the number as it is kept, in the unit of its standard. */
export function kept(shown: number, unit: string, counted_in: Counting = "clock"): number {
  return counted_in === "workdays" ? (shown * 24) / (HOURS[unit] ?? 1) : shown;
}

/** "24 hours", as a promise says it; "24 office hours" or "one working day" where it is counted in them. */
export function standardText({ value, unit, counted_in }: Promised): string {
  const key = keyOf(unit, counted_in);
  const n = counted(Number(value), unit, counted_in);
  return has(key) ? t(key, { n }) : `${formatNumber(n)} ${unit}`;
}

/** "hours", beside a number that is being typed. */
export function unitText(unit: string, counted_in?: Counting): string {
  const key = keyOf(unit, counted_in);
  return has(key) ? t(key, { n: "" }).trim() : unit;
}

/** A figure; a length of time as it is counted: "1.5 office hours", "two working days". */
export function told(value: number, unit: string, counted_in: Counting = "clock"): string {
  if (unit !== "seconds" || counted_in === "clock") return formatFigure(value, unit);
  const hours = Math.round(value / 360) / 10;
  if (counted_in === "office") return standardText({ value: hours, unit: "hours", counted_in });
  const days = Math.round(value / 8_640) / 10;
  return days ? standardText({ value: days, unit: "days", counted_in }) : t("ui.unit.same_day");
}

/** How an address says that lengths of time are counted. */
export function countingOf(said: string | null): Counting {
  return said === "office" || said === "workdays" ? said : "clock";
}
