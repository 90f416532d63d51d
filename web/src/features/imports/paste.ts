import { useEffect, useRef } from "react";
import { takesKeys } from "@/lib/keys";
import { t } from "@/lib/words";

/** Whether a text is rows of a table: at least two lines, of which the first has several cells. */
export function areRows(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  return lines.length > 1 && /[\t,;|]/.test(lines[0] ?? "");
}

/** Copied rows as the file that they are to the wizard; the house sees whether the first one is headings. */
export function rowsIn(text: string): File {
  return new File([text], t("ui.import.pasted"), { type: "text/csv" });
}

/** Hears rows that are pasted onto a page while no field has the keyboard and no dialog is open. */
export function usePaste(take: (text: string) => void, active: boolean): void {
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    if (!active) return;
    const listen = (event: ClipboardEvent) => {
      if (takesKeys(event.target) || document.querySelector("[role=dialog][aria-modal=true]")) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!areRows(text)) return;
      event.preventDefault();
      latest.current(text);
    };
    document.addEventListener("paste", listen);
    return () => document.removeEventListener("paste", listen);
  }, [active]);
}
