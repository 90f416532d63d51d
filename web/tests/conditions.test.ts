import { beforeAll, expect, describe as group, it } from "vitest";
import type { Condition, FieldMeta, Meta } from "@/api/types";
import { formatMoment } from "@/lib/format";
import { setWords } from "@/lib/words";
import { describe } from "@/records/conditions/sentence";
import { isComplete, joined, parts, reshape } from "@/records/conditions/shape";
import { domainWords, shellWords } from "./shell-words";

const field = (label: string, kind: FieldMeta["kind"], more: Partial<FieldMeta> = {}): FieldMeta => ({
  label,
  kind,
  required: false,
  writable: true,
  sortable: true,
  masked: false,
  closable: false,
  operators: ["is"],
  ...more,
});

const meta = {
  records: {
    customers: {
      name: "customers.customer",
      plural: "customers",
      domain: "customers",
      label: { one: "Customer", many: "Customers" },
      title: "name",
      fields: {
        city: field("City", "text"),
        stage: field("Stage", "choice", {
          choices: [
            { value: "purchase", label: "Purchase" },
            { value: "churn", label: "Churn" },
          ],
        }),
        team: field("Team", "reference", { to: "teams" }),
        seen: field("Seen", "datetime"),
      },
      columns: [],
      children: { orders: { plural: "orders", label: "Orders", through: "customer" } },
      operations: [],
      create: null,
      search: true,
      story: true,
    },
    teams: {
      name: "workspace.team",
      plural: "teams",
      domain: "workspace",
      label: { one: "Team", many: "Teams" },
      title: "name",
      fields: { name: field("Name", "text") },
      columns: [],
      children: {},
      operations: [],
      create: null,
      search: false,
      story: false,
    },
    orders: {
      name: "commerce.order",
      plural: "orders",
      domain: "commerce",
      label: { one: "Order", many: "Orders" },
      title: "number",
      fields: { total: field("Total", "money"), kind: field("Kind", "text") },
      columns: [],
      children: {},
      operations: [],
      create: null,
      search: false,
      story: false,
    },
  },
  operations: {},
  measures: {},
} satisfies Meta;

const spoken = (language: string) => ({ ...shellWords(language), ...domainWords("kernel", language) });
const said = (condition: Condition) => describe(meta, meta.records.customers, condition);

group("a condition as a sentence", () => {
  beforeAll(() => setWords("en", spoken("en")));

  it.each<[Condition, string]>([
    [{ field: "city", op: "is", value: "Leeds" }, "City is Leeds"],
    [{ field: "stage", op: "in", value: ["purchase", "churn"] }, "Stage is Purchase or Churn"],
    [{ field: "seen", op: "last", value: { days: 1 } }, "Seen in the last day"],
    [{ field: "seen", op: "older_than", value: { months: 3 } }, "Seen more than 3 months ago"],
    [{ field: "seen", op: "previous", value: "quarter" }, "Seen last quarter"],
    [{ field: "team", op: "my_team" }, "Team is mine"],
    [{ related: "orders", op: "false", previous: "month" }, "Has no orders last month"],
    [
      { related: "orders", aggregate: "latest", of: "kind", op: "is", value: "sale", last: { years: 1 } },
      "Kind of the latest of the orders in the last year is sale",
    ],
    [{ field: "team.name", op: "contains", value: "No" }, "Team: Name contains “No”"],
    [{ field: "gone", op: "is", value: 1 }, "Unknown field gone"],
    [{ not: { field: "city", op: "empty" } }, "Not (City is empty)"],
    [
      {
        and: [
          { field: "city", op: "is", value: "York" },
          {
            or: [
              { field: "city", op: "empty" },
              { field: "seen", op: "not_empty" },
            ],
          },
        ],
      },
      "City is York and (City is empty or Seen is filled)",
    ],
    [
      { related: "orders", aggregate: "count", last: { days: 90 }, op: "gte", value: 2 },
      "Number of orders in the last 90 days at least 2",
    ],
    [
      { related: "orders", aggregate: "sum", of: "total", op: "gt", value: 500 },
      "Total of orders together more than 500",
    ],
    [
      { related: "orders", where: { field: "kind", op: "is", value: "sale" } },
      "Has orders (counting only: Kind is sale)",
    ],
    [
      { field: "written_in", op: "is", value: "019a8a5d-3c00-7570-a949-e9e2a692c9ca" },
      `Brought in or changed on ${formatMoment(new Date(0x019a8a5d3c00).toISOString())}`,
    ],
  ])("%j", (condition, sentence) => {
    expect(said(condition)).toBe(sentence);
  });

  it.each([
    ["en", "Did not buy last month", "Bought in the last 90 days"],
    ["zh-Hans", "上月没有购买", "最近 90 天内购买过"],
    ["zh-Hant", "上個月沒有購買", "最近 90 天內購買過"],
  ])("says what was done by the verb of the relation, as the server does: %s", (language, none, some) => {
    setWords(language, { ...spoken(language), ...domainWords("commerce", language) });
    expect(said({ related: "orders", op: "false", previous: "month" })).toBe(none);
    expect(said({ related: "orders", last: { days: 90 } })).toBe(some);
  });

  it("sets Latin apart in Chinese, but not within what is quoted", () => {
    setWords("zh-Hans", spoken("zh-Hans"));
    expect(
      said({
        and: [
          { field: "city", op: "is", value: "成都A区" },
          { field: "stage", op: "in", value: ["churn"] },
          { field: "seen", op: "last", value: { days: 30 } },
        ],
      }),
    ).toBe("City 是成都A区，并且 Stage 是 Churn，并且 Seen 在最近 30 天内");
  });
});

group("the tree of a condition", () => {
  it("shows the parts that all must hold, and joins them again", () => {
    const one: Condition = { field: "city", op: "empty" };
    const two: Condition = { or: [one, one] };
    expect(parts(null)).toEqual([]);
    expect(parts({ and: [one, two] })).toEqual([one, two]);
    expect(parts(two)).toEqual([two]);
    expect(joined([])).toBeNull();
    expect(joined([one])).toEqual(one);
    expect(joined([one, two])).toEqual({ and: [one, two] });
  });

  it.each<[Condition, boolean]>([
    [{ field: "city", op: "empty" }, true],
    [{ field: "city", op: "is", value: "" }, false],
    [{ field: "city", op: "is", value: false }, true],
    [{ field: "stage", op: "in", value: [] }, false],
    [{ field: "seen", op: "between", value: ["2026-01-01", null] }, false],
    [{ field: "seen", op: "last", value: { days: 30 } }, true],
    [{ field: "seen", op: "last", value: { weeks: 0 } }, false],
    [{ field: "seen", op: "this", value: "month" }, true],
    [{ field: "team", op: "me" }, true],
    [{ related: "orders", aggregate: "latest", of: "kind", op: "empty" }, true],
    [{ related: "orders", aggregate: "latest", of: "kind", op: "is", value: "" }, false],
    [{ related: "orders" }, true],
    [{ related: "orders", aggregate: "count", op: "gte", value: 0 }, true],
    [{ related: "orders", aggregate: "sum", op: "gte", value: 5 }, false],
    [{ or: [] }, false],
    [{ not: { field: "city", op: "is", value: null } }, false],
  ])("%j is complete: %s", (condition, complete) => {
    expect(isComplete(condition)).toBe(complete);
  });

  it("keeps what was typed where the next operator can take it", () => {
    expect(reshape("in", "Leeds")).toEqual(["Leeds"]);
    expect(reshape("is", ["Leeds", "York"])).toBe("Leeds");
    expect(reshape("between", 5)).toEqual([5, null]);
    expect(reshape("last", "Leeds")).toEqual({ days: 30 });
    expect(reshape("is", { days: 30 })).toBeNull();
    expect(reshape("older_than", { weeks: 2 })).toEqual({ weeks: 2 });
    expect(reshape("this", { weeks: 2 })).toBe("month");
    expect(reshape("is", "month")).toBeNull();
    expect(reshape("empty", "Leeds")).toBeUndefined();
  });
});
