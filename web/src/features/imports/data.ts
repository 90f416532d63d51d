import { api } from "@/api/client";
import type { Kind, Row } from "@/api/types";

export type Column = { name: string; label: string; kind: Kind | string; required: boolean };
export type Look = {
  /** The table; of a workbook the one that a sheet of it became. */
  file: string;
  file_name?: string;
  book: string | null;
  sheet: string;
  sheets: string[];
  /** What whoever brings it should know: hidden rows, errors, what stands above the headings. */
  remarks: string[];
  encoding: string;
  confidence: number;
  delimiter: string;
  headings: string[];
  /** Whether they are letters, because the rows have none of their own. */
  headless: boolean;
  sample: Record<string, string>[];
  suggested: Record<string, string>;
  order: "dmy" | "mdy" | "ymd" | null;
  columns: Column[];
  /** What may be chosen beside the columns. */
  options: { name: string; label: string; help: string }[];
};
export type Source = string | { constant: string };
export type Mapping = Record<string, Source>;

export type ImportRun = Row & {
  noun: string;
  file: string;
  file_name: string;
  encoding: string;
  mapping: Mapping;
  reading: { order?: (typeof ORDERS)[number]; country?: string; options?: string[] };
  status: "prepared" | "checking" | "checked" | "running" | "done" | "failed" | "cancelled" | "undone";
  rows_read: number;
  rows_created: number;
  rows_updated: number;
  rows_skipped: number;
  rows_failed: number;
  notes: Record<string, number>;
  problem: { code: string; values?: Record<string, string> } | null;
  change_set: string | null;
};
export type Problems = {
  headings: string[];
  rows: { number: number; cells: Record<string, string>; message: string; fields: Record<string, string> }[];
  n: number;
  /** What the columns are called that something is wrong with. */
  called: Record<string, string>;
};

export const ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "big5hkscs", "cp1252", "utf-16"];
export const ORDERS = ["dmy", "mdy", "ymd"] as const;
/** Until it is started, it may still be said what its columns mean. */
export const OPEN: ReadonlySet<string> = new Set(["prepared", "checked"]);

/** Where the columns of a run are chosen. */
export function columnsPath(run: Pick<ImportRun, "id" | "noun" | "file" | "file_name">, look?: Look): string {
  const given = { noun: run.noun, file: run.file, name: run.file_name, run: run.id };
  return `/import?${new URLSearchParams({ ...given, ...(look ? whereOf(look) : {}) })}`;
}

/** What an address has to say for a file to be looked into again: of a workbook, which sheet. */
export function whereOf(look: Look): Record<string, string> {
  return look.book ? { file: look.book, sheet: look.sheet } : { file: look.file };
}

/** Sends a file to be looked into; nothing is written. Answers where its columns are chosen. */
export async function sendFile(noun: string, file: File, pasted = false): Promise<string> {
  const query = new URLSearchParams({ noun, name: file.name, ...(pasted && { pasted: "true" }) });
  const look = await api.post<Look>(`/api/imports/upload?${query}`, file);
  return `/import?${new URLSearchParams({ noun, name: file.name, ...whereOf(look) })}`;
}
