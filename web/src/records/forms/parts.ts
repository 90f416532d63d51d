/** What a verb asks of the parts of a record, such as the lines of an order, begins as what they are now. */
import { api } from "@/api/client";
import type { Meta, OperationMeta, Page, Row } from "@/api/types";
import { type FormField, fieldsOfOperation } from "@/records/forms/fields";

const isMoney = (value: unknown): value is { amount: string } =>
  typeof value === "object" && value !== null && "amount" in value;

/** A part as its line of the form, which names it unseen. */
function lineOf(columns: FormField[], part: Row): Record<string, unknown> {
  const values = columns.map(({ name }) => [name, isMoney(part[name]) ? part[name].amount : part[name]]);
  return { id: part.id, ...Object.fromEntries(values) };
}

async function all(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page = await api.get<Page>(path, { limit: 200, cursor });
    rows.push(...page.rows);
    cursor = page.next;
  }
  return rows;
}

/** Which lines of a verb's form are parts of the record. */
export function partsAsked(meta: Meta, plural: string, name: string, operation: OperationMeta): FormField[] {
  const children = meta.records[plural]?.children ?? {};
  return fieldsOfOperation(operation, name, meta).filter((field) => field.rows && children[field.name]);
}

/** These lines as they are now. */
export async function partsOf(
  plural: string,
  row: Row,
  asked: FormField[],
): Promise<Record<string, unknown>> {
  const found = asked.map(async ({ name, rows = [] }) => {
    const parts = await all(`/api/${plural}/${row.id}/${name}`);
    return [name, parts.map((part) => lineOf(rows, part))] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}
