import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Page } from "@/api/types";

/** The names of the people who work here, by id; empty for those who may not see them. */
export function useUserNames(): ReadonlyMap<string, string> {
  const allowed = "users" in useMeta().records;
  const users = useQuery({
    queryKey: ["records", "users", "list", "names"],
    queryFn: async ({ signal }) => {
      const page = await api.get<Page>("/api/users", { limit: 200 }, signal);
      return new Map(page.rows.map((row) => [row.id, String(row.name ?? "")]));
    },
    enabled: allowed,
    staleTime: 300_000,
  });
  return users.data ?? NOBODY;
}

const NOBODY: ReadonlyMap<string, string> = new Map();
