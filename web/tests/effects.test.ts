import { describe, expect, it } from "vitest";
import {
  caseCondition,
  casesAddress,
  datesOf,
  type Effect,
  type Share,
  sorted,
  spanBetween,
  spanOf,
} from "@/features/marketing/effects";

const share = (value: number | null): Share => ({ n: 0, of: 0, open: 0, value, low: value, high: value });
const row = (label: string, values: Partial<Effect>): Effect => ({
  key: label,
  label,
  contacted: 0,
  delivered: null,
  answered: null,
  satisfied: null,
  converted: null,
  left_alone: null,
  revenue: "0",
  cost: "0",
  compared: 0,
  difference: null,
  verdict: null,
  sentence: "",
  ...values,
});

describe("the effect table", () => {
  const rows = [
    row("a", { contacted: 3, converted: share(0.5), revenue: "20" }),
    row("b", { contacted: 9, converted: share(null), revenue: "100" }),
    row("c", { contacted: 5, converted: share(0.7), revenue: "3" }),
  ];
  const names = (found: Effect[]) => found.map(({ label }) => label).join("");

  it("sorts by numbers, and what is not known comes last both ways", () => {
    expect(names(sorted(rows, "contacted", false))).toBe("bca");
    expect(names(sorted(rows, "revenue", true))).toBe("cab");
    expect(names(sorted(rows, "converted", false))).toBe("cab");
    expect(names(sorted(rows, "converted", true))).toBe("acb");
  });

  it("opens the cases of a row, of a strategy, and of whoever was chosen by a condition", () => {
    const mail = row("email", { key: "email" });
    expect(caseCondition("channel", mail)).toEqual({ field: "channel", op: "is", value: "email" });
    expect(caseCondition("segment", row("", { key: null }), "s")).toEqual({
      and: [
        { field: "strategy", op: "is", value: "s" },
        { field: "segment", op: "empty" },
      ],
    });
    expect(caseCondition("strategy", null)).toBeNull();
    expect(casesAddress("cost", null, { start: null, end: null })).toBe("/figures/outreach/strategy/cost?");
    expect(casesAddress("cost", null, { start: "2026-01-01", end: "2026-02-01" })).toBe(
      "/figures/outreach/strategy/cost?start=2026-01-01&end=2026-02-01",
    );
  });

  it("begins a period at midnight where the company is, and all time nowhere", () => {
    const now = Date.parse("2026-04-01T20:00Z");
    expect(spanOf(0, "Asia/Shanghai", now)).toEqual({ start: null, end: null });
    expect(spanOf(90, "Asia/Shanghai", now)).toEqual({ start: "2026-01-01T16:00:00.000Z", end: null });
  });

  it("ends with the last moment of a day, also where the clock goes on or back", () => {
    expect(spanBetween({ from: "2026-03-29", to: "2026-03-29" }, "Europe/London")).toEqual({
      start: "2026-03-29T00:00:00.000Z",
      end: "2026-03-29T23:00:00.000Z",
    });
    expect(spanBetween({ from: "2026-02-27", to: "2026-02-28" }, "Asia/Shanghai")).toEqual({
      start: "2026-02-26T16:00:00.000Z",
      end: "2026-02-28T16:00:00.000Z",
    });
  });

  it("reads two days from an address in either order, and nothing else", () => {
    expect(datesOf("2026-02-01", "2026-01-01")).toEqual({ from: "2026-01-01", to: "2026-02-01" });
    expect(datesOf("2026-02-01", null)).toBeNull();
    expect(datesOf("2026-13-01", "2026-12-01")).toBeNull();
    expect(datesOf("yesterday", "2026-12-01")).toBeNull();
  });
});
