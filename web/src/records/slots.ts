/** What a feature adds to the generic pages: joined in app/, so that features and records do not know each other. */
import { type ComponentType, createContext, type ReactNode, useContext } from "react";
import type { RecordMeta, Row } from "@/api/types";

export type Cell = (row: Row) => ReactNode;
export type Panel = { key: string; show: ComponentType<{ row: Row; plural: string }> };
export type RecordSlots = {
  /** Cells drawn by a feature instead of the plain value. */
  cells?: Record<string, Cell>;
  /** Least widths of columns that need more room than their kind. */
  widths?: Record<string, number>;
  /** Facts that stand behind "more". */
  quiet?: string[];
  /** Which related lists come first, in this order; the others follow. */
  relations?: string[];
  /** Related lists that the page tells in another way. */
  elsewhere?: string[];
  /** Default columns other than those of the catalogue. */
  columns?: string[];
  /** What stands above the related lists on the record page. */
  panels?: Panel[];
  /** What stands above the facts: the most important number and the next act. */
  head?: ComponentType<{ row: Row; plural: string }>;
  /** The place whose tabs stand above the list. */
  place?: string;
  /** Which verbs come first now, which stand in the menu alone, and which make no sense now. */
  verbs?: (row: Row) => { first?: string[]; later?: string[]; hide?: string[] };
  /** Acts beside the verbs of the record itself. */
  acts?: ComponentType<{ row: Row; plural: string }>;
  /** What was said about it: stands in the middle before its story. */
  talk?: ComponentType<{ row: Row; plural: string }>;
  /** What stands in the middle of the record page instead of its story. */
  main?: ComponentType<{ row: Row; plural: string }>;
  /** The page that creates one, where a form is not enough. */
  createAt?: string;
  /** The dialog that creates one in a list, where more is to be said than a form asks. */
  create?: ComponentType<{ plural: string; close: () => void; done: (row: Row) => void }>;
  /** One more button at the head of the list. */
  action?: ComponentType<{ plural: string }>;
};

export const SlotsContext = createContext<Record<string, RecordSlots>>({});

const NONE: RecordSlots = {};

export function useSlots(plural: string): RecordSlots {
  return useContext(SlotsContext)[plural] ?? NONE;
}

/** The relations of a kind of record by name, those first that its page shows first. */
export function useRelations(meta: RecordMeta): string[] {
  const { relations: first = [], elsewhere = [] } = useSlots(meta.plural);
  const named = (names: string[]) => names.filter((name) => name in meta.children);
  const shown = Object.keys(meta.children).filter((name) => !elsewhere.includes(name));
  return [...new Set([...named(first), ...shown, ...named(elsewhere)])];
}

/** What features add to the first page of everybody. */
export type Extra = { key: string; show: ComponentType };
export const TodayContext = createContext<Extra[]>([]);

export function useTodayExtras(): Extra[] {
  return useContext(TodayContext);
}

/** A tab of a place: a kind of record, or a page with a label of its own, for those who may do what it is for. */
export type Tab = { to: string; plural?: string; label?: string; may?: string };
export const TabsContext = createContext<Record<string, Tab[]>>({});

const NO_TABS: Tab[] = [];

export function useTabs(place: string): Tab[] {
  return useContext(TabsContext)[place] ?? NO_TABS;
}
