import type { Condition, Reference, Row } from "@/api/types";

export type Strategy = Row & {
  name: string;
  status: "draft" | "scheduled" | "running" | "paused" | "sent" | "ended";
  segment: Reference | null;
  condition: Condition | null;
  begins: { event?: string };
  purpose: string;
  channels: string[];
  every_days: number | null;
  most_rounds: number | null;
  stops: string[];
  most_contacts: number | null;
  template: Reference | null;
  call_them: boolean;
  script: string;
  hold_out: number;
  send_at: string | null;
  sent_at: string | null;
};

/** What a strategy would do now; total is allowed and all refused together. */
export type Plan = {
  total: number;
  allowed: number;
  refused: Record<string, number>;
  calls: number;
  by_channel: Record<string, number>;
  /** By what it turns to each customer, where that is not the sending itself. */
  begins: string;
  sample: { id?: string; label?: string; customer?: Reference; channel?: string; reason?: string }[];
};

/** Who is under way in a strategy, before it is paused, goes on or ends. */
export type Outlook = { waiting: number; letters: number; todos: number; next_at: string | null };

export const STOPS = ["answered", "bought", "complained"] as const;
/** What only goes to somebody who has just asked for it: nobody plans that. */
export const ASKED_FOR = ["reply", "proof"];
export const CHANNELS = ["email", "phone", "visit"] as const;
