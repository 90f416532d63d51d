import { describe, expect, it } from "vitest";
import { likeMonday, sameWeek, timeOf, type Week, withDay, withMore } from "@/features/settings/week";

const LUNCH = [
  { opens: "09:00", closes: "12:00" },
  { opens: "13:00", closes: "18:00" },
];
const WEEK: Week = [LUNCH, [], [], [], [], [{ opens: "10:00", closes: "14:00" }], []];

describe("a time as it is typed", () => {
  it.each([
    ["9", "09:00"],
    ["09:30", "09:30"],
    ["930", "09:30"],
    ["1745", "17:45"],
    ["9.30", "09:30"],
    [" 9 30 ", "09:30"],
    ["９：３０", "09:30"],
    ["18点", "18:00"],
    ["24:00", "00:00"],
    ["00:00", "00:00"],
  ])("%s is %s", (typed, time) => {
    expect(timeOf(typed)).toBe(time);
  });
  it.each(["", "9:", "9:5", "25", "24:30", "12:60", "noon", "9-18"])("%s is none", (typed) => {
    expect(timeOf(typed)).toBeNull();
  });
});

describe("a week", () => {
  it("takes the hours of Monday until Friday and leaves the weekend", () => {
    const copied = likeMonday(WEEK);
    expect(copied.slice(0, 5)).toEqual(Array(5).fill(LUNCH));
    expect(copied.slice(5)).toEqual(WEEK.slice(5));
  });
  it("changes one day alone", () => {
    const changed = withDay(WEEK, 6, LUNCH);
    expect(changed[6]).toEqual(LUNCH);
    expect(sameWeek(withDay(changed, 6, []), WEEK)).toBe(true);
    expect(sameWeek(changed, WEEK)).toBe(false);
  });
  it("gains a stretch after the last one", () => {
    expect(withMore([])).toEqual([{ opens: "09:00", closes: "18:00" }]);
    expect(withMore([{ opens: "09:00", closes: "12:00" }])[1]).toEqual({ opens: "13:00", closes: "18:00" });
    expect(withMore(LUNCH)[2]).toEqual({ opens: "19:00", closes: "20:00" });
  });
});
