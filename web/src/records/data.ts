/** Rows of any kind of record: asked for, changed, and kept in the query cache under one scheme of keys. */
import { keepPreviousData, type QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Condition, Count, OperationMeta, Page, RecordMeta, Row } from "@/api/types";
import { has, t } from "@/lib/words";

export type ListWish = { where?: Condition | null; sort?: string | null; q?: string; view?: string | null };

const PAGE = 60;

function asked(wish: ListWish) {
  return {
    where: wish.where ? JSON.stringify(wish.where) : undefined,
    sort: wish.sort ?? undefined,
    q: wish.q || undefined,
    view: wish.view ?? undefined,
  };
}

/** The rows of a list, from its top or from a place far down (`from`). */
export function useRows(
  plural: string,
  wish: ListWish,
  path = `/api/${plural}`,
  calm = false,
  from: string | null = null,
) {
  return useInfiniteQuery({
    meta: { calm },
    queryKey: ["records", plural, "list", path, asked(wish), from],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page>(path, { ...asked(wish), limit: PAGE, cursor: pageParam ?? undefined }, signal),
    initialPageParam: from,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

export type Bounds = {
  /** The field the list is sorted by, of which each place tells the value. */
  sort: string;
  bounds: { share: number; cursor: string; value: unknown }[];
  exact: boolean;
};

/** Places far down a list, asked for when somebody wants to go there. */
export function useBounds(plural: string, wish: ListWish, enabled: boolean) {
  return useQuery({
    enabled,
    queryKey: ["records", plural, "bounds", asked(wish)],
    queryFn: ({ signal }) => api.get<Bounds>(`/api/${plural}/bounds`, asked(wish), signal),
    staleTime: 60_000,
  });
}

export function useCount(plural: string, wish: ListWish, enabled = true) {
  return useQuery({
    enabled,
    queryKey: ["records", plural, "count", asked(wish)],
    queryFn: async ({ signal }): Promise<Count | null> => {
      const page = await api.get<Page>(`/api/${plural}`, { ...asked(wish), limit: 1, count: 1 }, signal);
      return page.count ?? null;
    },
    placeholderData: keepPreviousData,
  });
}

export function rowQuery(plural: string, id: string) {
  return {
    queryKey: ["records", plural, "one", id],
    queryFn: ({ signal }: { signal: AbortSignal }) => api.get<Row>(`/api/${plural}/${id}`, undefined, signal),
  };
}

export function useRow(plural: string, id: string, enabled = true) {
  return useQuery({ ...rowQuery(plural, id), enabled });
}

/** After a write: put the answer in place at once and let everything else that shows it be asked for again. */
export function settleRow(client: QueryClient, plural: string, row: Row | undefined): void {
  if (row?.id) {
    const key = ["records", plural, "one", row.id];
    client.setQueryData<Row>(key, (old) => ({ ...old, ...row }));
    void client.invalidateQueries({ queryKey: key });
  }
  void client.invalidateQueries({ queryKey: ["records", plural, "list"] });
  void client.invalidateQueries({ queryKey: ["records", plural, "count"] });
  void client.invalidateQueries({ queryKey: ["story"] });
  void client.invalidateQueries({ queryKey: ["place"] });
}

/** How a record is called in a sentence. */
export function nameOf(meta: RecordMeta | undefined, row: Row | undefined): string {
  const title = meta?.title ?? "name";
  const field = meta?.fields[title];
  // What ships is called in the reader's language, not in that of whoever set up the house.
  const choice = (field?.choices ?? field?.named)?.find(({ value }) => value === row?.[title]);
  const name = choice?.label ?? String(row?.label || row?.[title] || "");
  const unnamed = `${meta?.name}.unnamed.${row?.kind}`;
  if (!name && has(unnamed)) return t(unnamed);
  return name && field?.kind === "integer" ? `${meta?.label.one} ${name}` : name;
}

/** The first fact one would change: how it is called, where that may be changed. */
export function firstWritable(meta: RecordMeta): string | undefined {
  return [meta.title, ...Object.keys(meta.fields)].find((name) => meta.fields[name]?.writable);
}

export type Answer = Row & { change_set?: string };

/** Does an operation on one record, or on none. */
export function perform(
  operation: OperationMeta,
  id: string | null,
  input: Record<string, unknown>,
  key?: string,
  version?: number,
) {
  const path = operation.path.replace(/\{[^}]*\}/, id ?? "");
  if (operation.method.toUpperCase() === "PATCH") return api.patch<Answer>(path, input);
  return api.post<Answer>(path, input, key, version);
}

/** Whether an operation asks about nothing, so that its button acts at once. */
export function asksNothing(operation: OperationMeta): boolean {
  return Object.keys(operation.input?.properties ?? {}).length === 0;
}
