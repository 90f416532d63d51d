/** The reader's clock, which need not be the browser's. */

let zone: string | undefined;

export function setReaderZone(name: string | undefined): void {
  zone = name || undefined;
}

export function readerZone(): string | undefined {
  return zone;
}

/** The day of a moment, such as 2026-11-26. */
export function dayKey(moment: Date, inZone = zone): string {
  return new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    ...(inZone && { timeZone: inZone }),
  }).format(moment);
}

/** The last moment of today by the reader's clock. */
export function endOfToday(now = new Date()): string {
  const [year, month, day] = dayKey(now).split("-").map(Number) as [number, number, number];
  const midnight = Date.UTC(year, month - 1, day + 1);
  return new Date(midnight - ahead(midnight) - 1).toISOString();
}

/** What the reader's clock shows at a moment, without a zone: pickers of dates know no other than the browser's. */
export function toWallClock(value: string, inZone = zone): string {
  const moment = new Date(value).getTime();
  return new Date(moment + ahead(moment, inZone)).toISOString().slice(0, 19);
}

/** The moment at which the reader's clock shows this, or one in another zone. */
export function fromWallClock(shown: string, inZone = zone): string {
  const asIfUtc = new Date(`${shown}Z`).getTime();
  return new Date(asIfUtc - ahead(asIfUtc - ahead(asIfUtc, inZone), inZone)).toISOString();
}

/** How far a clock is ahead of UTC at a moment, in milliseconds. */
function ahead(moment: number, inZone = zone): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
    ...(inZone && { timeZone: inZone }),
  }).formatToParts(moment);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return shown - moment;
}
