/** How wide the columns of a list are: by their kind, unless a feature says more. */
import type { FieldMeta, RecordMeta } from "@/api/types";

const WIDTHS: Partial<Record<FieldMeta["kind"], number>> = {
  boolean: 96,
  integer: 96,
  decimal: 112,
  money: 128,
  date: 124,
  datetime: 124,
  duration: 112,
  choice: 136,
  email: 216,
  phone: 148,
  reference: 176,
  long_text: 240,
};

/** Kinds that are still read when their end is cut off: they give way first. */
const ELASTIC: ReadonlySet<string> = new Set(["text", "long_text", "choice", "reference", "email", "list"]);
const GIVES = 0.72;

type Widths = Record<string, number> | undefined;
const TICK = 40;
const EDGES = 28;

function widthOf(meta: RecordMeta, widths: Widths, name: string, index: number): number {
  if (widths?.[name]) return widths[name];
  return index === 0 ? 220 : (WIDTHS[meta.fields[name]?.kind ?? "text"] ?? 148);
}

function leastOf(meta: RecordMeta, widths: Widths, name: string, index: number): number {
  const elastic = !widths?.[name] && ELASTIC.has(meta.fields[name]?.kind ?? "text");
  return Math.round(widthOf(meta, widths, name, index) * (elastic ? GIVES : 1));
}

/** Each column takes of what there is by its width, the first one half as much again. */
export function layout(meta: RecordMeta, columns: string[], widths: Widths): string {
  const tracks = columns.map((name, index) => {
    const share = widthOf(meta, widths, name, index) * (index === 0 ? 1.5 : 1);
    return `minmax(${leastOf(meta, widths, name, index)}px, ${share}fr)`;
  });
  return `${TICK}px ${tracks.join(" ")}`;
}

export function leastWidth(meta: RecordMeta, columns: string[], widths: Widths): number {
  return columns.reduce((sum, name, index) => sum + leastOf(meta, widths, name, index), TICK + EDGES);
}
