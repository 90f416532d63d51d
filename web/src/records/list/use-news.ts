import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { CHANGED } from "@/api/use-live";

/** Whether somebody is reading: the pointer is over the list, or it has been scrolled. */
function isRead(body: HTMLElement | null): boolean {
  if (!body) return false;
  return (
    body.matches(":hover") ||
    [...body.querySelectorAll("[role=grid],[role=region]")].some((inner) => inner.scrollTop > 0)
  );
}

/** Keeps a list new without moving it under the pointer: who reads is told, and shows the news when they like. */
export function useNews(
  plural: string,
  refetch: () => unknown,
): [RefObject<HTMLDivElement | null>, boolean, () => void] {
  const body = useRef<HTMLDivElement>(null);
  const [news, setNews] = useState(false);
  const show = useCallback(() => {
    setNews(false);
    void refetch();
  }, [refetch]);
  useEffect(() => {
    const listen = (event: Event) => {
      if ((event as CustomEvent<string>).detail !== plural) return;
      if (isRead(body.current)) setNews(true);
      else void refetch();
    };
    window.addEventListener(CHANGED, listen);
    return () => window.removeEventListener(CHANGED, listen);
  }, [plural, refetch]);
  return [body, news, show];
}
