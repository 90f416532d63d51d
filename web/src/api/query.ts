import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/client";

/** Only what may pass by itself is tried again: the way to the server, or a server that is just starting. */
function retry(failures: number, error: Error): boolean {
  return error instanceof Problem && (error.offline || error.status === 503) && failures < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 20_000, gcTime: 300_000, retry, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
