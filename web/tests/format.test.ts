import { beforeEach, describe, expect, it } from "vitest";
import { endOfToday, fromWallClock, toWallClock } from "@/lib/clock";
import {
  formatDay,
  formatDuration,
  formatFigure,
  formatHeading,
  formatMoney,
  formatPeriod,
  formatSaid,
  formatShare,
  formatWhen,
  setFormats,
} from "@/lib/format";
import { inSentence, setWords, t } from "@/lib/words";
import { seconds } from "@/records/values/value";
import { shellWords } from "./shell-words";

beforeEach(() => {
  setWords("en", shellWords("en"));
  setFormats("Europe/London", "GBP");
});

describe("today", () => {
  it.each([
    ["Europe/London", "2026-11-26T12:00:00Z", "2026-11-26T23:59:59.999Z"],
    ["Asia/Shanghai", "2026-11-26T12:00:00Z", "2026-11-26T15:59:59.999Z"],
    ["Asia/Shanghai", "2026-11-26T17:00:00Z", "2026-11-27T15:59:59.999Z"],
    ["America/New_York", "2026-03-08T12:00:00Z", "2026-03-09T03:59:59.999Z"],
  ])("ends in %s by the reader's clock, at %s", (zone, now, end) => {
    setFormats(zone, "GBP");
    expect(endOfToday(new Date(now))).toBe(end);
  });
});

describe("money", () => {
  it.each([
    ["en", "GBP", { amount: "12.3", currency: "GBP" }, "£12.30"],
    ["en", "GBP", { amount: "1234.5", currency: "TWD" }, "NT$1,234.50"],
    ["zh-Hant", "TWD", { amount: "5", currency: "TWD" }, "NT$5.00"],
    ["zh-Hans", "CNY", { amount: "418000", currency: "CNY" }, "¥418,000.00"],
  ])("in %s of a company in %s", (language, home, money, written) => {
    setWords(language, shellWords(language));
    setFormats("Europe/London", home);
    expect(formatMoney(money)).toBe(written);
  });
});

describe("times", () => {
  const now = new Date("2026-11-22T10:00:00Z");

  it("are a clock today, a day this year, a date before", () => {
    expect(formatWhen("2026-11-22T09:05:00Z", now)).toBe("09:05");
    expect(formatWhen("2026-03-01T09:05:00Z", now)).toBe("1 Mar");
    expect(formatWhen("2025-03-01T09:05:00Z", now)).toBe("1 Mar 2025");
    expect(formatSaid("2026-11-22T09:05:00Z", now)).toBe("09:05");
    expect(formatSaid("2026-03-01T09:05:00Z", now)).toBe("1 Mar, 09:05");
    expect(formatSaid("2025-03-01T09:05:00Z", now)).toBe("1 Mar 2025, 09:05");
  });

  it("follow the reader's zone: late evening in London is tomorrow in Shanghai", () => {
    expect(formatHeading("2026-11-21T23:30:00Z", now)).toBe("Yesterday");
    setFormats("Asia/Shanghai", "CNY");
    expect(formatHeading("2026-11-21T23:30:00Z", now)).toBe("Today");
  });

  it("leave a day without a clock alone in every zone", () => {
    setFormats("America/Los_Angeles", "USD");
    expect(formatDay("2026-03-01")).toBe("1 Mar 2026");
    expect(formatDay("1904-02-29")).toBe("29 Feb"); // a birthday whose year nobody told
  });
});

describe("a period", () => {
  it.each([
    ["2026-11-01", "2026-11-27", "1 Nov 2026 to 26 Nov 2026"],
    ["2026-11-01T00:00:00+08:00", "2026-11-27T00:00:00+08:00", "1 Nov 2026 to 26 Nov 2026"],
    ["2026-10-31T16:00:00Z", "2026-11-26T16:00:00Z", "1 Nov 2026 to 26 Nov 2026"],
    ["2026-11-26", "2026-11-27", "26 Nov 2026"],
    ["2026-11-01", null, "Since 1 Nov 2026"],
    [null, "2026-11-27", "Until 26 Nov 2026"],
    [null, null, "All time"],
  ])("from %s to %s ends with its last day, wherever its reader is", (from, to, said) => {
    setFormats("America/Los_Angeles", "CNY");
    expect(formatPeriod(from, to, "Asia/Shanghai")).toBe(said);
  });
});

describe("durations and figures", () => {
  it("show their two largest units", () => {
    expect(formatDuration(0)).toBe("0 s");
    expect(formatDuration(59)).toBe("59 s");
    expect(formatDuration(3_725)).toBe("1 h 2 min");
    expect(formatDuration(90_000)).toBe("1 d 1 h");
    expect(formatDuration(86_400 + 60)).toBe("1 d");
  });

  it("carry their unit", () => {
    expect(formatShare(0.746)).toBe("74.6%");
    expect(formatFigure(7_200, "seconds")).toBe("2 h");
    expect(formatFigure(1_234.5, "GBP")).toBe("£1,235");
  });

  it("are read from seconds and from ISO 8601 alike", () => {
    expect(seconds(90)).toBe(90);
    expect(seconds("P1DT2H3M4S")).toBe(93_784);
    expect(seconds("-PT5M")).toBe(-300);
  });
});

describe("a time that is typed", () => {
  it.each([
    ["Asia/Shanghai", "2026-11-28T10:00:00", "2026-11-28T02:00:00.000Z"],
    ["Europe/London", "2026-07-01T10:00:00", "2026-07-01T09:00:00.000Z"],
    ["Europe/London", "2026-10-25T00:30:00", "2026-10-24T23:30:00.000Z"],
    ["America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00.000Z"],
  ])("is meant by the reader's clock, wherever the browser stands: %s", (zone, shown, moment) => {
    setFormats(zone, "GBP");
    expect(fromWallClock(shown)).toBe(moment);
    expect(toWallClock(moment)).toBe(shown);
  });
});

describe("words", () => {
  it("choose one or many by n and write numbers the reader's way", () => {
    expect(t("ui.protocol.cases", { n: 1 })).toBe("1 case");
    expect(t("ui.protocol.cases", { n: 12_345 })).toBe("12,345 cases");
  });

  it("leave a place open when its value is not given, and name a missing text by its key", () => {
    expect(t("ui.record.archived", {})).toBe("{name} archived");
    expect(t("no.such.text")).toBe("no.such.text");
  });

  it("lose the capital of a noun inside an English sentence, but not of an abbreviation", () => {
    expect(inSentence("Customer")).toBe("customer");
    expect(inSentence("SLA")).toBe("SLA");
    setWords("zh-Hans", shellWords("zh-Hans"));
    expect(inSentence("客户")).toBe("客户");
  });
});
