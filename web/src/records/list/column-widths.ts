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

type Widths = Record<string, number> | undefined;
const TICK = 40;
const EDGES = 28;

function widthOf(meta: RecordMeta, widths: Widths, name: string, index: number): number {
  if (widths?.[name]) return widths[name];
  return index === 0 ? 220 : (WIDTHS[meta.fields[name]?.kind ?? "text"] ?? 148);
}

export function layout(meta: RecordMeta, columns: string[], widths: Widths): string {
  const tracks = columns.map(
    (name, index) => `minmax(${widthOf(meta, widths, name, index)}px, ${index === 0 ? 2 : 1}fr)`,
  );
  return `${TICK}px ${tracks.join(" ")}`;
}

export function leastWidth(meta: RecordMeta, columns: string[], widths: Widths): number {
  return columns.reduce((sum, name, index) => sum + widthOf(meta, widths, name, index), TICK + EDGES);
}
