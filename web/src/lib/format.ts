/** Dates, numbers, money and durations in the reader's own order and zone. */

import type { Money } from "@/api/types";
import { dayKey, readerZone, setReaderZone } from "@/lib/clock";
import { currentLanguage, t } from "@/lib/words";

let home = "";

/** The reader's zone and the company's currency (which needs no long symbol). */
export function setFormats(ownZone: string | undefined, companyCurrency: string): void {
  setReaderZone(ownZone);
  home = companyCurrency;
}

const locales: Record<string, string> = { en: "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW" };
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function locale(): string {
  return locales[currentLanguage()] ?? currentLanguage();
}

function once<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  const full = `${locale()}|${readerZone() ?? ""}|${key}`;
  const found = made.get(full);
  if (found) return found as T;
  const fresh = make();
  made.set(full, fresh);
  return fresh;
}

function dates(key: string, options: Intl.DateTimeFormatOptions, inZone = readerZone()): Intl.DateTimeFormat {
  return once(
    `d${key}${inZone ?? ""}`,
    () => new Intl.DateTimeFormat(locale(), { ...options, ...(inZone && { timeZone: inZone }) }),
  );
}

export function formatNumber(value: number | string, digits?: number): string {
  const options =
    digits === undefined
      ? { maximumFractionDigits: 6 }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return once(`n${digits ?? ""}`, () => new Intl.NumberFormat(locale(), options)).format(Number(value));
}

/** A share between 0 and 1 as a percentage with one decimal, as figures are read. */
export function formatShare(share: number, digits = 1): string {
  return once(
    `p${digits}`,
    () =>
      new Intl.NumberFormat(locale(), {
        style: "percent",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  ).format(share);
}

export function formatMoney(money: Money, whole = false): string {
  const display = money.currency === home ? "narrowSymbol" : "symbol";
  const text = once(
    `m${money.currency}${display}${whole}`,
    () =>
      new Intl.NumberFormat(locale(), {
        style: "currency",
        currency: money.currency,
        currencyDisplay: display,
        ...(whole && { maximumFractionDigits: 0 }),
      }),
  ).format(Number(money.amount));
  // A bare "$" could be anybody's dollar; Taiwan writes NT$.
  return money.currency === "TWD" ? text.replace(/(NT)?\$/, "NT$") : text;
}

/** "1 Mar", where the year goes without saying. */
export function formatDayOfYear(value: string): string {
  return dates("day-of-year", { month: "short", day: "numeric" }, "UTC").format(
    new Date(`${value.slice(0, 10)}T00:00:00Z`),
  );
}

/** The year in which the house keeps birthdays whose year nobody told. */
const YEARLESS = "1904-";

/** A day without a clock ("2026-03-01"), read as that day everywhere. */
export function formatDay(value: string): string {
  if (value.startsWith(YEARLESS)) return formatDayOfYear(value);
  return dates("day", { year: "numeric", month: "short", day: "numeric" }, "UTC").format(
    new Date(`${value.slice(0, 10)}T00:00:00Z`),
  );
}

/** A day with its time, on the reader's clock or that of a zone. */
export function formatMoment(value: string, zone?: string): string {
  const parts = {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  } as const;
  return dates("moment", { ...parts, hourCycle: "h23" }, zone).format(new Date(value));
}

export function formatTime(value: string): string {
  return dates("time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(value));
}

/** A time on a clock elsewhere. */
export function formatTimeIn(value: string, zone: string | undefined): string {
  const moment = new Date(value);
  const day = dates("wd", { weekday: "short" }, zone).format(moment);
  const time = dates("wt", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone).format(moment);
  return `${day} ${time}`;
}

/** The city by which a zone is known. */
export function formatZone(zone: string | undefined): string {
  const options = { timeZoneName: "longGeneric" as const, ...(zone && { timeZone: zone }) };
  const parts = new Intl.DateTimeFormat(locale(), options).formatToParts(new Date());
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone ?? "";
}

/**
 * The days of a time from (included) to (excluded) by their first and last, as people say them.
 * Days stand for themselves; moments are read in the zone they were counted in, which is the company's.
 */
export function formatPeriod(from: string | null, to: string | null, counted: string): string {
  const day = (value: string, before: number) =>
    formatDay(dayKey(new Date(new Date(value).getTime() - before), value.length === 10 ? "UTC" : counted));
  const first = from && day(from, 0);
  const last = to && day(to, 1);
  if (first && last) return first === last ? first : t("ui.protocol.from_to", { from: first, to: last });
  if (first) return t("ui.figure.since", { from: first });
  return last ? t("ui.figure.until", { to: last }) : t("ui.figure.ever");
}

/** Short for lists: a time today, a day this year, else day and year. */
export function formatWhen(value: string, now = new Date()): string {
  const moment = new Date(value);
  if (dayKey(moment) === dayKey(now)) return formatTime(value);
  if (dayKey(moment).slice(0, 4) === dayKey(now).slice(0, 4))
    return dates("md", { month: "short", day: "numeric" }).format(moment);
  return dates("ymd", { year: "numeric", month: "short", day: "numeric" }).format(moment);
}

/** The same to the minute, whatever the day: when something was said. */
export function formatSaid(value: string, now = new Date()): string {
  const moment = new Date(value);
  if (dayKey(moment) === dayKey(now)) return formatTime(value);
  if (dayKey(moment).slice(0, 4) !== dayKey(now).slice(0, 4)) return formatMoment(value);
  return dates("mdt", {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(moment);
}

/** "Today", "Yesterday" or a date with its weekday: headings of a timeline. */
export function formatHeading(value: string, now = new Date()): string {
  const moment = new Date(value);
  const key = dayKey(moment);
  if (key === dayKey(now)) return t("ui.time.today");
  if (key === dayKey(new Date(now.getTime() - 86_400_000))) return t("ui.time.yesterday");
  return dates("heading", { weekday: "short", year: "numeric", month: "short", day: "numeric" }).format(
    moment,
  );
}

/** The day with its weekday, written out. */
export function formatLongDay(moment: Date): string {
  return dates("long", { weekday: "long", year: "numeric", month: "long", day: "numeric" }).format(moment);
}

/** "Mon" for ISO weekday 1. */
export function formatWeekday(day: number): string {
  return dates("weekday", { weekday: "short" }, "UTC").format(new Date(Date.UTC(2024, 0, day)));
}

/** "10:00–11:00" for the hour that begins at ten. */
export function formatHour(hour: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(hour)}:00–${two((hour + 1) % 24)}:00`;
}

/** A month by its first day or its key ("2026-03"). */
export function formatMonth(key: string): string {
  const moment = new Date(`${key.slice(0, 7)}-01T00:00:00Z`);
  return Number.isNaN(moment.getTime())
    ? key
    : dates("month", { year: "numeric", month: "short" }, "UTC").format(moment);
}

/** How long, in the two largest units: "3 d 4 h", "12 min". Input in seconds. */
export function formatDuration(seconds: number): string {
  const total = Math.abs(Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(total / 86_400), "ui.time.d"],
    [Math.floor((total % 86_400) / 3_600), "ui.time.h"],
    [Math.floor((total % 3_600) / 60), "ui.time.min"],
    [total % 60, "ui.time.s"],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  if (first < 0) return t("ui.time.s", { n: 0 });
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, key]) => t(key, { n }))
    .join(" ");
}

/** A figure with its unit, as a measure gives it. */
export function formatFigure(value: number, unit: string): string {
  if (unit === "seconds") return formatDuration(value);
  if (unit === "hours") return formatDuration(value * 3_600);
  if (unit === "share") return formatShare(value);
  if (/^[A-Z]{3}$/.test(unit))
    return formatMoney({ amount: String(value), currency: unit }, Math.abs(value) >= 1_000);
  if (unit === "money")
    return formatMoney({ amount: String(value), currency: home || "XXX" }, Math.abs(value) >= 1_000);
  return formatNumber(Math.round(value * 100) / 100);
}
