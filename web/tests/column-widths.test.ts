import { expect, test } from "vitest";
import type { FieldMeta, RecordMeta } from "@/api/types";
import { layout, leastWidth } from "@/records/list/column-widths";

const text = (longest: number) => ({ kind: "text", longest }) as FieldMeta;
const fields = { code: text(80), name: text(300), at: { kind: "datetime" } as FieldMeta };
const meta = { plural: "products", title: "code", fields } as unknown as RecordMeta;

test("a column is as wide as what it holds, and what is left stays behind the last one", () => {
  expect(layout(meta, ["code", "name", "at"], undefined)).toBe(
    "40px minmax(101px, 224px) minmax(173px, 384px) minmax(124px, 124px) minmax(0, 1fr)",
  );
});

test("what a row is called by has the room of a name", () => {
  expect(layout(meta, ["name", "code"], undefined)).toBe(
    "40px minmax(202px, 448px) minmax(101px, 224px) minmax(0, 1fr)",
  );
});

test("a feature may say how wide one is", () => {
  expect(layout(meta, ["code", "at"], { at: 184 })).toContain("minmax(184px, 184px)");
  expect(leastWidth(meta, ["code", "at"], { at: 184 })).toBe(40 + 28 + 101 + 184);
});
