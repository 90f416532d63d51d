import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/client";

/** Only what may pass by itself is tried again: the way to the server, or a server that is just starting. */
function retry(failures: number, error: Error): boolean {
  return error instanceof Problem && (error.offline || error.status === 503) && failures < 2;
}

/** What was read too fast is read again when it was told to; until then its page says why it waits. */
export function again({ state }: { state: { error: Error | null } }): number | false {
  const { error } = state;
  return error instanceof Problem && error.status === 429 && error.after > 0 ? error.after * 1000 : false;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      gcTime: 300_000,
      retry,
      refetchInterval: again,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});
