import { useSyncExternalStore } from "react";

const phone = () => window.matchMedia("(max-width: 767px)");

function subscribe(react: () => void): () => void {
  const query = phone();
  query.addEventListener("change", react);
  return () => query.removeEventListener("change", react);
}

/** Whether the page is as narrow as a phone. */
export function usePhone(): boolean {
  return useSyncExternalStore(subscribe, () => phone().matches);
}
