import { expect, test } from "vitest";
import type { RecordMeta, Row } from "@/api/types";
import { toTell } from "@/records/list/record-card";

const kinds = {
  number: "text",
  customer: "reference",
  kind: "choice",
  ordered_at: "datetime",
  total: "money",
};
const fields = Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, { kind, label: name }]));
const orders = { plural: "orders", title: "number", sort: "-ordered_at", fields } as unknown as RecordMeta;
const columns = ["number", "kind", "customer", "total"];
const row = { id: "1", number: "7", kind: "sale", ordered_at: "2026-01-01T00:00:00Z", total: "3" } as Row;

test("a card tells what a row weighs, when it was, and of the facts those that are there", () => {
  expect(toTell(orders, columns, undefined, row)).toEqual({
    weight: "total",
    time: "ordered_at",
    facts: ["kind"],
  });
});

test("what a feature draws itself weighs more than a fact, and a time that is not there is not told", () => {
  const bare = { ...row, ordered_at: null, total: null } as Row;
  expect(toTell(orders, columns, { kind: () => "●" }, bare)).toEqual({
    weight: "kind",
    time: undefined,
    facts: [],
  });
});
