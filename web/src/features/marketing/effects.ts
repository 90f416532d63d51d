import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Condition } from "@/api/types";
import { dayKey, fromWallClock } from "@/lib/clock";

/** How many of those that can be judged, how many cannot be yet, and between which bounds the share lies. */
export type Share = {
  n: number;
  of: number;
  open: number;
  value: number | null;
  low: number | null;
  high: number | null;
};

/** What one strategy, channel or segment came to; a figure that a role closes is null. */
export type Effect = {
  key: string | null;
  label: string;
  contacted: number | null;
  delivered: Share | null;
  answered: Share | null;
  satisfied: Share | null;
  converted: Share | null;
  left_alone: Share | null;
  revenue: string | null;
  cost: string | null;
  /** How many strategies could be compared with those they left alone. */
  compared: number;
  difference: { value: number; low: number; high: number } | null;
  verdict: "more" | "less" | "too_few" | "not_yet" | "nobody_left_alone" | null;
  sentence: string;
};

export type Terms = { window_days: number; cost_email: number; cost_phone: number; cost_visit: number };

export type Effects = {
  by: By;
  rows: Effect[];
  total: Effect;
  hidden: string[];
  terms: Terms;
  currency: string;
  first_known_at: string | null;
};

export const BY = ["strategy", "channel", "segment"] as const;
export type By = (typeof BY)[number];

/** How many days back one looks; nought is all that ever was. */
export const PERIODS = [90, 365, 0] as const;
export type Days = (typeof PERIODS)[number];
/** Two days one chose, both included. */
export type Dates = { from: string; to: string };
/** From a moment (included) to another (excluded); nothing where it is open. */
export type Span = { start: string | null; end: string | null };

const DAY = 86_400_000;
const A_DAY = /^\d{4}-\d\d-\d\d$/;

/** So many days back by the company's calendar, from the first of them on. */
export function spanOf(days: number, zone: string, now = Date.now()): Span {
  if (!days) return { start: null, end: null };
  return { start: midnight(dayKey(new Date(now - days * DAY), zone), zone), end: null };
}

/** From the first moment of one day to the last of another, by the company's calendar, as its figures are. */
export function spanBetween({ from, to }: Dates, zone: string): Span {
  const next = new Date(Date.parse(`${to}T00:00Z`) + DAY).toISOString().slice(0, 10);
  return { start: midnight(from, zone), end: midnight(next, zone) };
}

/** The two days of an address, the earlier one first; nothing where they are none. */
export function datesOf(from: string | null, to: string | null): Dates | null {
  const real = (day: string | null) => day && A_DAY.test(day) && !Number.isNaN(Date.parse(day));
  if (!from || !to || !real(from) || !real(to)) return null;
  return from <= to ? { from, to } : { from: to, to: from };
}

function midnight(day: string, zone: string): string {
  return fromWallClock(`${day}T00:00`, zone);
}

/** The effect table of a period, of all strategies or of one. */
export function useEffects(by: By, span: Span, strategy?: string) {
  const asked = { by, ...span, strategy: strategy ?? null };
  return useQuery({
    queryKey: ["place", "effects", asked],
    queryFn: ({ signal }) => api.get<Effects>("/api/effects", asked, signal),
  });
}

/** The contacts a row is about, as a condition on recipients; nothing for all of them. */
export function caseCondition(by: By, row: Effect | null, strategy?: string): Condition | null {
  const parts: Condition[] = strategy ? [{ field: "strategy", op: "is", value: strategy }] : [];
  if (row) {
    parts.push(row.key ? { field: by, op: "is", value: row.key } : { field: by, op: "empty" });
  }
  if (parts.length > 1) return { and: parts };
  return parts[0] ?? null;
}

/** The page of a figure with the cases behind one cell. */
export function casesAddress(measure: string, where: Condition | null, span: Span): string {
  const asked = new URLSearchParams();
  if (where) asked.set("where", JSON.stringify(where));
  if (span.start) asked.set("start", span.start);
  if (span.end) asked.set("end", span.end);
  return `/figures/outreach/strategy/${measure}?${asked}`;
}

export const COLUMNS = [
  "contacted",
  "delivered",
  "answered",
  "satisfied",
  "converted",
  "revenue",
  "cost",
] as const;
export type Column = (typeof COLUMNS)[number];

/** By what a column sorts: shares by the share, counts and sums by themselves; what is not known comes last. */
export function worth(row: Effect, column: Column): number {
  const cell = row[column];
  if (cell === null) return Number.NEGATIVE_INFINITY;
  if (typeof cell === "object") return cell.value ?? Number.NEGATIVE_INFINITY;
  return Number(cell);
}

/** Rows in the order of a column, the greatest first unless told otherwise; equals by their name. */
export function sorted(rows: Effect[], column: Column, up: boolean): Effect[] {
  const way = up ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [one, other] = [worth(a, column), worth(b, column)];
    if (one === other) return a.label.localeCompare(b.label);
    if (!Number.isFinite(one) || !Number.isFinite(other)) return Number.isFinite(one) ? -1 : 1;
    return way * (one - other);
  });
}
