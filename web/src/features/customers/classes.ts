/** What classes of a partition are, and what they are called. */
import { useMeta } from "@/api/session";
import type { Condition, Row } from "@/api/types";

export type SegmentClass = { class: string; condition: Condition };
export type Segment = Row & {
  key: string;
  name: string;
  kind: "dynamic" | "static" | "partition";
  condition: Condition | null;
  classes: SegmentClass[];
  otherwise: string;
};

export const DEFINE = "customers.segment.define";
export const BY_HAND = ["customers.segment.add_members", "customers.segment.remove_members"];
/** Verbs that a page of its own does in the place of a form. */
export const HIDDEN = [DEFINE, "customers.segment.put"];

/** The words of classes that ship, and back: whatever people type stays as it is. */
export function useClassNames() {
  const named = useMeta().records.memberships?.fields.class_name?.named ?? [];
  return {
    said: (kept: string) => named.find(({ value }) => value === kept)?.label ?? kept,
    kept: (said: string) => named.find(({ label }) => label === said)?.value ?? said,
  };
}
