import { useCallback, useState } from "react";

/** A small preference kept in this browser; lost or unreadable storage is no error. */
export function readKept<T>(name: string, fallback: T): T {
  try {
    const text = localStorage.getItem(`guanxi.${name}`);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(`guanxi.${name}`, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the preference lasts as long as the page.
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(`guanxi.${name}`);
  } catch {
    // Nothing was kept where nothing can be.
  }
}

export function useKept<T>(name: string, fallback: T): [T, (value: T) => void] {
  const [value, setValue] = useState(() => readKept(name, fallback));
  const set = useCallback(
    (next: T) => {
      setValue(next);
      keep(name, next);
    },
    [name],
  );
  return [value, set];
}
