import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds now; also what changes between the first drawing and the listening is heard. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (react: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", react);
      return () => list.removeEventListener("change", react);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
