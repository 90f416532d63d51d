import { useEffect, useRef } from "react";
import { takesKeys } from "@/lib/keys";
import { t } from "@/lib/words";

/** Whether a text is rows of a table: at least two lines, of which the first has several cells. */
export function areRows(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  return lines.length > 1 && /[\t,;|]/.test(lines[0] ?? "");
}

/** Copied rows as the file that they are to the wizard. */
export function rowsIn(text: string): File {
  return new File([withHeadings(text)], t("ui.import.pasted"), { type: "text/csv" });
}

/** What no heading is: an address, a number, a day. */
const DATA = /^\S+@\S+\.\S+$|^[+\d¥$€£][\d\s\-/.,:()]*$/;

/** Rows whose first is data already, under letters, as a spreadsheet calls its columns; others as they are. */
export function withHeadings(text: string): string {
  const first = text.split(/\r?\n/).find((line) => line.trim()) ?? "";
  const between = ["\t", ";", ",", "|"].find((sign) => first.includes(sign));
  if (!between) return text;
  const cells = first.split(between);
  if (!cells.some((cell) => DATA.test(cell.replaceAll('"', "").trim()))) return text;
  return `${cells.map((_, place) => letters(place + 1)).join(between)}\n${text}`;
}

function letters(place: number): string {
  const rest = (place - 1) % 26;
  const before = (place - 1 - rest) / 26;
  return (before ? letters(before) : "") + String.fromCharCode(65 + rest);
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
