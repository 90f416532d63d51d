/** Times at which a message may be sent, said in the zone they were chosen in. */
import { dayKey, fromWallClock, readerZone } from "@/lib/clock";

export const AT_NINE = "09:00";
const DAY_MS = 86_400_000;
const SUNDAY = 0;
const SATURDAY = 6;

export type Later = { at: string; zone: string | undefined; day: "today" | "tomorrow" | "monday" };

/** The day so many days after the one that a clock shows now. */
function dayAfter(now: Date, days: number, zone: string | undefined): string {
  const [year, month, day] = dayKey(now, zone).split("-").map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}

/** The next mornings worth offering in a zone: today's if it is still to come, tomorrow's, and Monday's over a weekend. */
export function mornings(now: Date, zone = readerZone()): Later[] {
  const at = (days: number) => fromWallClock(`${dayAfter(now, days, zone)}T${AT_NINE}:00`, zone);
  const weekday = new Date(`${dayAfter(now, 0, zone)}T00:00:00Z`).getUTCDay();
  const tomorrow = (weekday + 1) % 7;
  const found: Later[] = [];
  if (new Date(at(0)).getTime() > now.getTime()) found.push({ at: at(0), zone, day: "today" });
  found.push({ at: at(1), zone, day: "tomorrow" });
  if (tomorrow === SATURDAY || tomorrow === SUNDAY)
    found.push({ at: at((8 - weekday) % 7 || 7), zone, day: "monday" });
  return found;
}

/** Whether two zones show the same time at a moment. */
export function alike(moment: Date, one: string | undefined, other: string | undefined): boolean {
  const shown = (zone: string | undefined) =>
    new Intl.DateTimeFormat("en-GB", {
      dateStyle: "short",
      timeStyle: "short",
      ...(zone && { timeZone: zone }),
    }).format(moment);
  return shown(one) === shown(other);
}

export const LATEST_MS = 30 * DAY_MS;
