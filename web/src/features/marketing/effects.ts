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
  converted: Share | null;
  left_alone: Share | null;
  revenue: string | null;
  cost: string | null;
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

/** The first moment of so many days back, in the reader's zone. */
export function startOf(days: number): string | null {
  if (!days) return null;
  return fromWallClock(`${dayKey(new Date(Date.now() - days * 86_400_000))}T00:00`);
}

/** The effect table of a period, of all strategies or of one. */
export function useEffects(by: By, days: number, strategy?: string) {
  const asked = { by, start: startOf(days), strategy: strategy ?? null };
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
export function casesAddress(measure: string, where: Condition | null, start: string | null): string {
  const asked = new URLSearchParams();
  if (where) asked.set("where", JSON.stringify(where));
  if (start) asked.set("start", start);
  return `/figures/outreach/strategy/${measure}?${asked}`;
}

export const COLUMNS = ["contacted", "delivered", "answered", "converted", "revenue", "cost"] as const;
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
