import { useEffect, useState } from "react";

/** True once `waiting` has lasted `ms`: a skeleton shown sooner would only flicker. */
export function useLater(waiting: boolean, ms = 300): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [waiting, ms]);
  return waiting && late;
}

const HANDOVER_MS = 100;
let began = 0;
let ended = Number.NEGATIVE_INFINITY;
let waiting = 0;

/** The same for what stands in the place of a page: where one wait follows another, the first one's clock runs on. */
export function useLongWait(ms = 300): boolean {
  const [since] = useState(() => {
    const now = performance.now();
    return waiting > 0 || now - ended < HANDOVER_MS ? began : now;
  });
  const [late, setLate] = useState(() => performance.now() - since >= ms);
  useEffect(() => {
    began = since;
    waiting += 1;
    const timer = setTimeout(() => setLate(true), Math.max(0, since + ms - performance.now()));
    return () => {
      waiting -= 1;
      ended = performance.now();
      clearTimeout(timer);
    };
  }, [since, ms]);
  return late;
}

/** The value, once it has stopped changing for `ms`. */
export function useSettled<T>(value: T, ms = 150): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** The present moment, renewed every `ms`: for running clocks. */
export function useNow(ms = 1_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), ms);
    return () => clearInterval(timer);
  }, [ms]);
  return now;
}
