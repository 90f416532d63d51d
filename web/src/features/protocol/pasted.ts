import type { Meta } from "@/api/types";
import { countingsOf } from "@/features/protocol/countings";
import type { Counting } from "@/lib/units";

type Amount = { start: number; end: number; unit: string };
export type Binding = {
  standard: string;
  measure: string;
  value: string | number | null;
  unit: string;
  counted_in: Counting;
  figure_kind: "share" | "mean";
  target_share: string | number | null;
  start: number;
  end: number;
};
type ReadClause = {
  text: string;
  section: string;
  binding: Binding | null;
  offers: Binding[];
  amounts: Amount[];
};
export type Reading = { title: string; language: string; clauses: ReadClause[] };
/** A clause on its way into a draft: what it promises as it was chosen, and everything else it may promise. */
export type Pasted = ReadClause & { id: number; out: boolean };
export type Piece = { text: string; mark: "bound" | "seen" | null; at: number };

/** The clauses of a reading; what was taken as said stands among the offers, so that it can be taken back and again. */
export function pasted(reading: Reading): Pasted[] {
  return reading.clauses.map((clause, id) => ({
    ...clause,
    offers: clause.binding ? [clause.binding, ...clause.offers] : clause.offers,
    id,
    out: false,
  }));
}

/** The text of a clause in pieces, its numbers apart: those bound, and those only seen. */
export function pieces({ text, amounts, binding }: Pick<Pasted, "text" | "amounts" | "binding">): Piece[] {
  // The places are those of characters, which are not always those of JavaScript's units.
  const characters = Array.from(text);
  const cut = (from: number, to?: number) => characters.slice(from, to).join("");
  const found: Piece[] = [];
  let at = 0;
  for (const { start, end } of amounts) {
    if (start > at) found.push({ text: cut(at, start), mark: null, at });
    found.push({ text: cut(start, end), mark: binding?.start === start ? "bound" : "seen", at: start });
    at = end;
  }
  if (at < characters.length) found.push({ text: cut(at), mark: null, at });
  return found;
}

/** Sections in the order of the document, each with the clauses that stand in it, numbered as they will be cited. */
export function bySection(clauses: Pasted[], order: string[]): { section: string; clauses: Pasted[] }[] {
  return order
    .map((section) => ({ section, clauses: clauses.filter((one) => one.section === section) }))
    .filter((one) => one.clauses.length > 0);
}

/** What else a bound clause promises by its other numbers: one clause keeps one number. */
export function leftOver({ binding, offers, out }: Pasted): Binding[] {
  return out || !binding ? [] : offers.filter(({ start }) => start >= 0 && start !== binding.start);
}

/** The clauses with one number of a clause made a clause of its own beside it, in the same words. */
export function apart(clauses: Pasted[], id: number, offer: Binding): Pasted[] {
  const own = Math.max(...clauses.map((one) => one.id)) + 1;
  const others = (one: Pasted) => one.offers.filter(({ start }) => start !== offer.start);
  return clauses.flatMap((one) =>
    one.id === id
      ? [
          { ...one, offers: others(one) },
          { ...one, id: own, binding: offer, offers: [offer] },
        ]
      : [one],
  );
}

/** A clause whose number nobody bound though it may mean something. */
export function isOpen({ binding, offers, out }: Pasted): boolean {
  return !out && !binding && offers.length > 0;
}

/** What is bound when somebody chooses another standard: its unit, and the figure that is counted against it. */
export function rebound(
  standard: string,
  before: Binding | null,
  meta: Pick<Meta, "settings" | "measures">,
): Binding {
  const measure = Object.entries(meta.measures).find(([, one]) => one.standard === standard)?.[0] ?? "";
  return {
    standard,
    measure,
    value: before?.value ?? null,
    unit: meta.settings?.[standard]?.unit ?? before?.unit ?? "",
    counted_in:
      before && countingsOf(meta, standard).includes(before.counted_in) ? before.counted_in : "clock",
    figure_kind: "share",
    target_share: measure ? (before?.target_share ?? null) : null,
    start: before?.start ?? -1,
    end: before?.end ?? -1,
  };
}

/** A clause as a draft takes it. */
export function filed({ section, text, binding }: Pasted, language: string) {
  const said = { section, text: { [language]: text } };
  if (!binding) return said;
  const { standard, measure, value, unit, counted_in, figure_kind, target_share } = binding;
  return { ...said, standard, measure, value, unit, counted_in, figure_kind, target_share };
}
