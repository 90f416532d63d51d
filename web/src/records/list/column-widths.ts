/** How wide the columns of a list are: by what they hold, as the catalogue tells it, unless a feature says more. */
import type { FieldMeta, RecordMeta } from "@/api/types";
import { isNumber } from "@/records/values/value";

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

/** Texts by how long they may be: a code, the name of a place, a sentence. */
const TEXTS: [longest: number, width: number][] = [
  [40, 112],
  [80, 140],
  [160, 176],
];
const SENTENCE = 240;
/** What a row is called by, unless that is a code. */
const NAME = 280;

/** A head is read to its end as far as that is not long; what is written broadly takes two places. */
const HEAD = { most: 152, letter: 6.5, broad: 12, beside: 36, before: 16 };
const BROAD = /[\u2e80-\u9fff\uff00-\uffef]/g;

function headWidth(field: FieldMeta | undefined): number {
  const label = field?.label ?? "";
  const broad = label.match(BROAD)?.length ?? 0;
  const words = (label.length - broad) * HEAD.letter + broad * HEAD.broad;
  return Math.min(HEAD.most, Math.round(words) + HEAD.beside + (field && isNumber(field) ? HEAD.before : 0));
}

/** Kinds that are still read when their end is cut off: they give way first, and take first what is left. */
const ELASTIC: ReadonlySet<string> = new Set(["text", "long_text", "choice", "reference", "email", "list"]);
const GIVES = 0.72;
const TAKES = 1.6;

type Widths = Record<string, number> | undefined;
const TICK = 40;
const EDGES = 28;

function textWidth(longest: number | undefined): number {
  if (!longest) return 148;
  return TEXTS.find(([most]) => longest <= most)?.[1] ?? SENTENCE;
}

function widthOf(meta: RecordMeta, widths: Widths, name: string, index: number): number {
  const field = meta.fields[name];
  if (widths?.[name]) return widths[name];
  const width = Math.max(WIDTHS[field?.kind ?? "text"] ?? textWidth(field?.longest), headWidth(field));
  const code = field?.kind === "text" && (field.longest ?? NAME) <= 80;
  return index === 0 && !code ? Math.max(width, NAME) : width;
}

function isElastic(meta: RecordMeta, widths: Widths, name: string): boolean {
  return !widths?.[name] && ELASTIC.has(meta.fields[name]?.kind ?? "text");
}

function leastOf(meta: RecordMeta, widths: Widths, name: string, index: number): number {
  return Math.round(widthOf(meta, widths, name, index) * (isElastic(meta, widths, name) ? GIVES : 1));
}

/** Each column is as wide as what it holds; what is left stays behind the last one, so that a row is read at a glance. */
export function layout(meta: RecordMeta, columns: string[], widths: Widths): string {
  const tracks = columns.map((name, index) => {
    const most = widthOf(meta, widths, name, index) * (isElastic(meta, widths, name) ? TAKES : 1);
    return `minmax(${leastOf(meta, widths, name, index)}px, ${Math.round(most)}px)`;
  });
  return `${TICK}px ${tracks.join(" ")} minmax(0, 1fr)`;
}

export function leastWidth(meta: RecordMeta, columns: string[], widths: Widths): number {
  return columns.reduce((sum, name, index) => sum + leastOf(meta, widths, name, index), TICK + EDGES);
}
