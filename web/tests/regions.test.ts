import { expect, it } from "vitest";
import { zoneNames, zoneOptions } from "@/lib/regions";

it("offers zones by the names of today, each once", () => {
  const names = zoneNames();
  expect(names).toContain("Asia/Kolkata");
  expect(names).not.toContain("Asia/Calcutta");
  expect(new Set(names).size).toBe(names.length);
});

it("names zones as people type them", () => {
  expect(zoneOptions()).toContainEqual({ value: "America/New_York", label: "America/New York" });
});
