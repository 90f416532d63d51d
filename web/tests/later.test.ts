import { describe, expect, it } from "vitest";
import { alike, mornings } from "@/features/inbox/later";

const offered = (now: string, zone: string) =>
  mornings(new Date(now), zone).map(({ at, day }) => `${day} ${at.slice(0, 16)}`);

describe("the mornings at which a message may be sent", () => {
  it.each([
    ["2026-01-06T12:00:00Z", "Europe/London", ["tomorrow 2026-01-07T09:00"]],
    ["2026-01-06T07:00:00Z", "Europe/London", ["today 2026-01-06T09:00", "tomorrow 2026-01-07T09:00"]],
    // In Shanghai it is Wednesday already.
    ["2026-01-06T20:00:00Z", "Asia/Shanghai", ["today 2026-01-07T01:00", "tomorrow 2026-01-08T01:00"]],
    ["2026-01-09T12:00:00Z", "UTC", ["tomorrow 2026-01-10T09:00", "monday 2026-01-12T09:00"]],
    ["2026-01-10T12:00:00Z", "UTC", ["tomorrow 2026-01-11T09:00", "monday 2026-01-12T09:00"]],
    // The clocks go forward in the night.
    ["2026-03-28T12:00:00Z", "Europe/London", ["tomorrow 2026-03-29T08:00", "monday 2026-03-30T08:00"]],
  ])("%s in %s", (now, zone, found) => expect(offered(now, zone)).toEqual(found));

  it("is the same clock where it shows the same time, whatever it is called", () => {
    const now = new Date("2026-01-06T12:00:00Z");
    expect(alike(now, "Asia/Shanghai", "Asia/Taipei")).toBe(true);
    expect(alike(now, "Asia/Shanghai", "Asia/Tokyo")).toBe(false);
  });
});
