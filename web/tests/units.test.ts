import { describe, expect, it } from "vitest";
import { counted, countingOf, kept } from "@/lib/units";

describe("what a promise is counted in", () => {
  it("shows hours that are counted in working days as days, and keeps them as hours", () => {
    expect(counted(48, "hours", "workdays")).toBe(2);
    expect(counted(7, "days", "workdays")).toBe(7);
    expect(counted(36, "hours", "workdays")).toBe(1.5);
    expect(kept(2, "hours", "workdays")).toBe(48);
    expect(kept(7, "days", "workdays")).toBe(7);
    expect(counted(24, "hours", "office")).toBe(24);
    expect(kept(30, "seconds")).toBe(30);
  });

  it("reads an address, and counts by the clock whatever else it says", () => {
    expect(countingOf("workdays")).toBe("workdays");
    expect(countingOf("moons")).toBe("clock");
    expect(countingOf(null)).toBe("clock");
  });
});
