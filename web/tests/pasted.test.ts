import { describe, expect, it } from "vitest";
import {
  apart,
  type Binding,
  bySection,
  filed,
  isOpen,
  leftOver,
  pasted,
  pieces,
  rebound,
} from "@/features/protocol/pasted";
import type { Counting } from "@/lib/units";

const REPLY: Binding = {
  standard: "service.complaint.first_reply",
  measure: "service.complaint.first_reply",
  value: "24",
  unit: "hours",
  counted_in: "clock",
  figure_kind: "share",
  target_share: "0.95",
  start: 4,
  end: 8,
};
const clause = (more = {}) => ({
  text: "客户投诉24小时内回复，共三天",
  section: "complaints",
  binding: REPLY,
  offers: [],
  amounts: [
    { start: 4, end: 8, unit: "hours" },
    { start: 13, end: 15, unit: "days" },
  ],
  ...more,
});
const read = (...clauses: ReturnType<typeof clause>[]) => pasted({ title: "", language: "zh-Hans", clauses });

describe("a pasted clause", () => {
  it("shows its numbers apart, the bound one as such", () => {
    const said = pieces(clause()).map(({ text, mark }) => [text, mark]);
    expect(said).toEqual([
      ["客户投诉", null],
      ["24小时", "bound"],
      ["内回复，共", null],
      ["三天", "seen"],
    ]);
    expect(pieces(clause({ text: "😀😀😀😀24小时" })).find(({ mark }) => mark)?.text).toBe("24小时");
    expect(pieces(clause({ text: "", amounts: [] }))).toEqual([]);
  });

  it("can take back what was bound and have it again", () => {
    const [one] = read(clause());
    expect(one?.offers).toEqual([REPLY]);
    expect(isOpen({ ...one, binding: null } as never)).toBe(true);
    expect(isOpen({ ...one, binding: null, out: true } as never)).toBe(false);
    expect(isOpen(read(clause({ binding: null }))[0] as never)).toBe(false);
  });

  it("says which of its numbers is left, and makes a clause of it beside itself", () => {
    const solved: Binding = {
      ...REPLY,
      standard: "service.ticket.solved",
      value: "3",
      unit: "days",
      start: 13,
      end: 15,
    };
    const perhaps: Binding = { ...REPLY, standard: "service.ticket.first_reply" };
    const all = read(clause({ offers: [perhaps, solved] }), clause());
    expect(leftOver(all[0] as never)).toEqual([solved]);
    expect(leftOver({ ...all[0], binding: null } as never)).toEqual([]);
    expect(leftOver({ ...all[0], out: true } as never)).toEqual([]);
    const more = apart(all, 0, solved);
    expect(more.map(({ id, binding }) => [id, binding?.standard])).toEqual([
      [0, REPLY.standard],
      [2, solved.standard],
      [1, REPLY.standard],
    ]);
    expect(more.flatMap(leftOver)).toEqual([]);
    expect(more.map(({ text }) => text)).toEqual(all.map(({ text }) => text).concat(clause().text));
  });

  it("stands in its section, in the order of the document", () => {
    const all = read(clause(), clause({ section: "phone" }), clause());
    const seen = bySection(all, ["contact", "phone", "complaints"]).map(({ section, clauses }) => [
      section,
      clauses.map(({ id }) => id),
    ]);
    expect(seen).toEqual([
      ["phone", [1]],
      ["complaints", [0, 2]],
    ]);
  });

  it("takes unit and figure of the standard that is chosen", () => {
    const meta = {
      settings: { "a.days": { label: "A", unit: "days" }, "b.bare": { label: "B", unit: "contacts" } },
      measures: {
        m: { label: "M", help: "", unit: "seconds", dimensions: [], standard: "a.days", over: "tickets" },
      },
    };
    expect(rebound("a.days", REPLY, meta)).toMatchObject({
      measure: "m",
      unit: "days",
      value: "24",
      target_share: "0.95",
    });
    expect(rebound("b.bare", REPLY, meta)).toMatchObject({
      measure: "",
      unit: "contacts",
      target_share: null,
    });
    expect(rebound("a.days", null, meta).value).toBeNull();
  });

  it("stays counted in office hours where the other standard may be", () => {
    const working = { ...REPLY, counted_in: "office" as const };
    const settings = {
      a: { label: "A", unit: "hours", countings: ["clock", "office", "workdays"] as Counting[] },
      b: { label: "B", unit: "hours" },
    };
    expect(rebound("a", working, { settings, measures: {} }).counted_in).toBe("office");
    expect(rebound("b", working, { settings, measures: {} }).counted_in).toBe("clock");
  });

  it("is sent in the language of the text, with a number only where one is bound", () => {
    const [bound, plain] = read(clause(), clause({ binding: null }));
    expect(filed(bound as never, "zh-Hant")).toEqual({
      section: "complaints",
      text: { "zh-Hant": "客户投诉24小时内回复，共三天" },
      standard: REPLY.standard,
      measure: REPLY.measure,
      value: "24",
      unit: "hours",
      counted_in: "clock",
      figure_kind: "share",
      target_share: "0.95",
    });
    expect(Object.keys(filed(plain as never, "en"))).toEqual(["section", "text"]);
  });
});
