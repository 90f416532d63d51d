/** Who is here, and what the server has declared. */
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { api, Problem } from "@/api/client";
import type { Me, Meta, OperationMeta, RecordMeta, Start } from "@/api/types";
import { currentLanguage } from "@/lib/words";

async function fetchMe(): Promise<Me | null> {
  try {
    return await api.get<Me>("/api/me");
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

export const meQuery = { queryKey: ["me"], queryFn: fetchMe, staleTime: 300_000 };
export const startQuery = {
  queryKey: ["start"],
  queryFn: () => api.get<Start>("/api/start"),
  staleTime: 300_000,
};

export function metaQuery() {
  return {
    queryKey: ["meta", currentLanguage()],
    queryFn: () => api.get<Meta>("/api/meta"),
    staleTime: 300_000,
  };
}

export function wordsQuery(language: string) {
  return {
    queryKey: ["words", language],
    queryFn: async () => ({
      language,
      words: await api.get<Record<string, string>>(`/api/words/${language}`),
    }),
    staleTime: 300_000,
  };
}

/** The reader; only below the sign-in. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("Nobody is signed in here.");
  return data;
}

export function useMeta(): Meta {
  return useSuspenseQuery(metaQuery()).data;
}

export function useRecordMeta(plural: string): RecordMeta | undefined {
  return useMeta().records[plural];
}

export function useMay(name: string): boolean {
  const may = useMe().may;
  return may.includes("*") || may.includes(name);
}

/** The operations that concern a kind of record, with their names. */
export function operationsOn(meta: Meta, plural: string): [string, OperationMeta][] {
  const names = meta.records[plural]?.operations ?? [];
  return names.flatMap((name) => {
    const operation = meta.operations[name];
    return operation ? [[name, operation] as [string, OperationMeta]] : [];
  });
}
