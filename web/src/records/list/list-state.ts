/** What a link to a list reproduces: condition, order, words, view and the record beside it. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { Condition, RecordMeta } from "@/api/types";
import { useKept } from "@/lib/kept";

function readCondition(text: string | null): Condition | null {
  if (!text) return null;
  try {
    return JSON.parse(text) as Condition;
  } catch {
    return null;
  }
}

export type ListState = {
  where: Condition | null;
  sort: string | null;
  q: string;
  view: string | null;
  peek: string | null;
  set: (change: Partial<Record<"where" | "sort" | "q" | "view" | "peek", string | Condition | null>>) => void;
};

export function useListState(): ListState {
  const [params, setParams] = useSearchParams();
  const set = useCallback<ListState["set"]>(
    (change) =>
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          for (const [name, value] of Object.entries(change)) {
            if (value === null || value === "") next.delete(name);
            else next.set(name, typeof value === "string" ? value : JSON.stringify(value));
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const where = params.get("where");
  return useMemo(
    () => ({
      where: readCondition(where),
      sort: params.get("sort"),
      q: params.get("q") ?? "",
      view: params.get("view"),
      peek: params.get("peek"),
      set,
    }),
    [where, params, set],
  );
}

/** The columns a person chose for this kind of record, kept in this browser; those that no longer exist fall out. */
export function useColumns(
  meta: RecordMeta,
  wished?: string[],
): [string[], (columns: string[] | null) => void] {
  const [kept, setKept] = useKept<string[] | null>(`columns.${meta.plural}`, null);
  const columns = useMemo(() => {
    const known = (kept ?? wished ?? meta.columns).filter(
      (name) => meta.fields[name] && meta.fields[name]?.kind !== "json",
    );
    const rest = known.filter((name) => name !== meta.title);
    return meta.title in meta.fields ? [meta.title, ...rest] : rest;
  }, [kept, wished, meta]);
  return [columns, setKept];
}
