import { Button } from "antd";
import { X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { t } from "@/lib/words";
import css from "@/ui/toast.module.css";

type Toast = {
  id: number;
  text: string;
  tone: "plain" | "broken";
  action?: { label: string; run: () => void | Promise<void> };
  seconds: number;
};

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

/** Says briefly what was done, with the way back while it is offered. */
export function say(text: string, options: Partial<Pick<Toast, "tone" | "action" | "seconds">> = {}): number {
  last += 1;
  const seconds = options.seconds ?? (options.action ? 12 : 5);
  change([...toasts.slice(-2), { tone: "plain", ...options, id: last, text, seconds }]);
  return last;
}

function ToastLine({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (held || busy) return;
    const timer = setTimeout(() => dismiss(toast.id), toast.seconds * 1_000);
    return () => clearTimeout(timer);
  }, [toast, held, busy]);

  const act = async () => {
    setBusy(true);
    try {
      await toast.action?.run();
    } finally {
      dismiss(toast.id);
    }
  };
  return (
    <li
      className={css.toast}
      data-tone={toast.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={css.text}>{toast.text}</span>
      {toast.action && (
        <Button size="small" loading={busy} onClick={act}>
          {toast.action.label}
        </Button>
      )}
      <button
        type="button"
        className={css.close}
        aria-label={t("ui.do.close")}
        onClick={() => dismiss(toast.id)}
      >
        <X size={14} aria-hidden />
      </button>
    </li>
  );
}

/** The corner where short messages appear; screen readers hear them. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <ul className={css.corner} aria-live="polite" aria-label={t("ui.toast.label")}>
      {shown.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </ul>
  );
}
