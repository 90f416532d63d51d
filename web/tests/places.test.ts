import { describe, expect, it } from "vitest";
import { PLACES, placeOf } from "@/app/places";
import { shellWords } from "./shell-words";

describe("the places", () => {
  it.each(["en", "zh-Hans", "zh-Hant"])("have a word in %s", (language) => {
    const words = shellWords(language);
    expect(PLACES.filter(({ key }) => !words[`ui.place.${key}`]).map(({ key }) => key)).toEqual([]);
  });

  it.each([
    ["/", "today"],
    ["/todos", "today"],
    ["/import", "customers"],
    ["/imports/1", "customers"],
    ["/products", "sales"],
    ["/ticket_rules", "service"],
    ["/figures/service/ticket/first_reply", "figures"],
    ["/tokens", "settings"],
    ["/nowhere", undefined],
  ])("know that %s belongs to %s", (path, key) => {
    expect(placeOf(path)?.key).toBe(key);
  });
});
