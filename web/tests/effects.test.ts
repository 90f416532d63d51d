import { describe, expect, it } from "vitest";
import {
  caseCondition,
  casesAddress,
  type Effect,
  type Share,
  sorted,
  startOf,
} from "@/features/marketing/effects";

const share = (value: number | null): Share => ({ n: 0, of: 0, open: 0, value, low: value, high: value });
const row = (label: string, values: Partial<Effect>): Effect => ({
  key: label,
  label,
  contacted: 0,
  delivered: null,
  answered: null,
  converted: null,
  left_alone: null,
  revenue: "0",
  cost: "0",
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
    expect(casesAddress("cost", null, null)).toBe("/figures/outreach/strategy/cost?");
  });

  it("begins a period at midnight, and all time nowhere", () => {
    expect(startOf(0)).toBeNull();
    expect(startOf(90)).toMatch(/T\d\d:00:00.000Z$/);
  });
});
