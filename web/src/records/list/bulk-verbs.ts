import { useMemo } from "react";
import { operationsOn, useMeta } from "@/api/session";
import type { OperationMeta, RecordMeta, Row } from "@/api/types";
import { useSlots } from "@/records/slots";

export type Named = [string, OperationMeta];

/** The verbs that make sense for each of some rows; for more than what is loaded, those the reader may do at all. */
export function useBulkVerbs(meta: RecordMeta, rows: Row[], unloaded: boolean): Named[] {
  const all = useMeta();
  const { verbs } = useSlots(meta.plural);
  return useMemo(() => {
    const wishes = rows.map((row) => verbs?.(row) ?? {});
    const first = wishes[0]?.first ?? [];
    const hidden = new Set(wishes.flatMap(({ hide }) => hide ?? []));
    const place = ([name]: Named) => (first.includes(name) ? first.indexOf(name) : first.length);
    return operationsOn(all, meta.plural)
      .filter(([name, { many }]) => many && !hidden.has(name))
      .filter(([name]) => unloaded || rows.every((row) => row.can?.includes(name)))
      .sort((a, b) => place(a) - place(b));
  }, [all, meta.plural, rows, unloaded, verbs]);
}
