import type { Condition, Reference, Row } from "@/api/types";
import type { Counting } from "@/lib/units";

export type ClauseState = "kept" | "missed" | "no_cases" | "shown" | "not_measured" | "hidden";
export type ClauseFigure = {
  cases: number;
  kept: number;
  missed: number;
  open: number;
  share: number | null;
  mean: number | null;
  /** Where it was asked for beside the share: how long half of them took, and nine of ten. */
  p50: number | null;
  p90: number | null;
};
export type Clause = {
  id: string;
  key: string;
  number: string;
  text: string;
  texts: Record<string, string>;
  scope: Condition | null;
  scope_said: string | null;
  team: Reference | null;
  measure: { name: string; label: string; unit: string } | null;
  standard: {
    name: string;
    label: string;
    value: string | number;
    unit: string;
    counted_in: Counting;
  } | null;
  figure_kind: "share" | "mean";
  target_share: number | null;
  state: ClauseState;
  figure: ClauseFigure | null;
  worst: { weekday: number; hour: number; cases: number; missed: number; share: number | null } | null;
  cases: string | null;
  missed: string | null;
  can: string[];
};
export type Version = Row & {
  number: number;
  status: "draft" | "published" | "superseded";
  note: string;
  published_at: string | null;
};
export type Gap = Row & {
  kind: "channel" | "team" | "ticket_kind" | "purpose";
  what: string;
  sentence: string;
  reason: string;
  set_aside_at: string | null;
  /** What the clause that closes it begins with. */
  begin: {
    section: string;
    measure: string;
    standard: string | null;
    value: number | null;
    counted_in: Counting;
    scope: Condition | null;
  };
};
export type ProtocolPageData = {
  protocol: Row & { name: string; goal: string; next_review_on: string | null; review_due: boolean };
  version: Version | null;
  versions: Version[];
  /** Whether what is in force is what ships, and nobody here has made it their own. */
  example: boolean;
  period: { from: string; to: string; zone: string };
  states: Record<ClauseState, number>;
  sections: { section: string; clauses: Clause[] }[];
  gaps: Gap[];
};

export type Change = {
  key: string;
  kind: "added" | "removed" | "changed";
  section: string;
  number: [string | null, string | null];
  wording: { kind: "same" | "added" | "removed"; text: string }[];
  said: { field: string; label: string; old: string | null; new: string | null }[];
};
export type Changes = { from: number; to: number; changes: Change[] };

/** What a version is best held against: a draft against what is in force, else against the one before it. */
export function heldAgainst(shown: Version | null, versions: Version[]): number | null {
  if (!shown) return null;
  const older = versions.filter((one) => one.number < shown.number);
  const inForce = older.find((one) => one.status === "published");
  return (inForce ?? older.sort((a, b) => b.number - a.number)[0])?.number ?? null;
}

export type Span = "month" | "quarter" | "year";

/** The page of the cases behind a figure, from the address of the cases themselves. */
export function casesPage(address: string): string {
  const url = new URL(address, window.location.origin);
  const measure = url.pathname.split("/").at(-2) ?? "";
  return `/figures/${measure.replaceAll(".", "/")}${url.search}`;
}
