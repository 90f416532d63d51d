import { expect, it } from "vitest";
import { columnsPath, type ImportRun, type Look, whereOf } from "@/features/imports/data";
import { looksLike, unusedOf } from "@/features/imports/guess";
import { areRows } from "@/features/imports/paste";

it("takes numbers for phones only where they are written as phones", () => {
  expect(looksLike(["138 0013 8001", "13800138002", ""].filter(Boolean))).toBe("phone");
  expect(looksLike(["0912-345-678", "+44 20 7946 0018"])).toBe("phone");
  expect(looksLike(["(415) 555-0132"])).toBe("phone");
  for (const others of [
    ["2026-01-02", "2026-01-03"],
    ["20260102001"],
    ["1 200.50"],
    ["88", "12"],
    ["51310"],
    [],
  ])
    expect(looksLike(others)).toBeNull();
  expect(looksLike(["02.01.2026 10:30", "510107198501011234"])).toBeNull();
});

it("takes addresses for e-mails where most are some", () => {
  expect(looksLike(["a@example.test", "b@example.test", "none"])).toBe("email");
  expect(looksLike(["@wechat", "nobody"])).toBeNull();
});

it("offers what is unused for a column that is free", () => {
  const look = {
    headings: ["Name", "Call me", "Tags"],
    sample: [{ Name: "Ann", "Call me": "13800138001", Tags: "vip" }],
    columns: [
      { name: "name", label: "Name", kind: "text", required: false },
      { name: "phone", label: "Phone", kind: "phone", required: false },
    ],
    suggested: {},
  } as unknown as Look;
  const unused = unusedOf(look, { name: "Name" });
  expect(unused.map(({ heading, as }) => [heading, as?.label ?? null])).toEqual([
    ["Call me", "Phone"],
    ["Tags", null],
  ]);
  expect(unusedOf(look, { name: "Name", phone: "Tags" })[0]?.as).toBeNull();
  const tags = { name: "tags", label: "Tags", kind: "text", required: false } as Look["columns"][number];
  const later = { ...look, suggested: { tags: "Tags" }, columns: [...look.columns, tags] };
  expect(unusedOf(later, { name: "Name" })[1]?.as?.label).toBe("Tags");
});

it("takes what was copied from a spreadsheet for rows, and a sentence for none", () => {
  expect(areRows("姓名\t手机\n张伟\t13800138000\n")).toBe(true);
  expect(areRows("Name,City\r\nAnn,Leeds")).toBe(true);
  for (const other of ["", "Ann\tLeeds", "Dear Ann,\n", "one\ntwo\nthree", "\n\n a\tb \n\n"])
    expect(areRows(other)).toBe(false);
});

it("keeps the sheet of a workbook in the address", () => {
  const run = { id: "1", noun: "customers", file: "table", file_name: "a.xlsx" } as ImportRun;
  const look = { file: "table", book: "book", sheet: "客户" } as Look;
  const query = new URLSearchParams(columnsPath(run, look).split("?")[1]);
  expect(Object.fromEntries(query)).toEqual({
    noun: "customers",
    file: "book",
    sheet: "客户",
    name: "a.xlsx",
    run: "1",
  });
  expect(whereOf({ file: "table", book: null, sheet: "" } as Look)).toEqual({ file: "table" });
});
