/** The week of office hours while it is being written: Monday first, each day a list of stretches. */

export type Stretch = { opens: string; closes: string };
export type Week = Stretch[][];

export const MOST_STRETCHES = 6;
const USUAL: Stretch = { opens: "09:00", closes: "18:00" };
const MIDNIGHT = 24 * 60;

/** A time as people type it (9, 930, 9.30, ９：３０, 24:00) as 09:30; nothing where it is none. */
export function timeOf(typed: string): string | null {
  const plain = typed.normalize("NFKC").trim();
  const found = /^(\d{1,2})(?:[:.,h点點 ]?(\d{2}))?\s*[h点點]?$/.exec(plain);
  const [hour, minute] = [Number(found?.[1]), Number(found?.[2] ?? 0)];
  if (!found || minute > 59 || hour * 60 + minute > MIDNIGHT) return null;
  return `${String(hour % 24).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

function minutes(time: string): number {
  const [hour, minute] = time.split(":").map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

function timeAt(minute: number): string {
  return `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** The week with one day said otherwise. */
export function withDay(week: Week, day: number, stretches: Stretch[]): Week {
  return week.map((known, place) => (place === day ? stretches : known));
}

/** The day with one more stretch: an hour after the last one closes, until six where that is later. */
export function withMore(day: Stretch[]): Stretch[] {
  const last = day.at(-1);
  if (!last) return [USUAL];
  const opens = Math.min((minutes(last.closes) || MIDNIGHT) + 60, MIDNIGHT - 60);
  const closes = Math.max(minutes(USUAL.closes), opens + 60);
  return [...day, { opens: timeAt(opens), closes: timeAt(closes) }];
}

/** The hours of Monday on every other day of the week until Friday. */
export function likeMonday(week: Week): Week {
  return week.map((day, place) => (place > 0 && place < 5 ? [...(week[0] ?? [])] : day));
}

export function sameWeek(one: Week, other: Week): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
