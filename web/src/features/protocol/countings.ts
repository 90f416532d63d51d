import type { Choice, Meta } from "@/api/types";
import type { Counting } from "@/lib/units";

/** How the number of a standard may be counted; by the clock it always is. */
export function countingsOf(meta: Pick<Meta, "settings">, standard: string): Counting[] {
  return meta.settings?.[standard]?.countings ?? ["clock"];
}

/** These ways to count with what they are called. */
export function choicesOf(meta: Pick<Meta, "records">, countings: Counting[]): Choice[] {
  const all = meta.records.clauses?.fields.counted_in?.choices ?? [];
  return all.filter(({ value }) => countings.includes(value as Counting));
}
