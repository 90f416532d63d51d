import type { Condition, Reference, Row } from "@/api/types";

export type Conversation = Row & {
  subject: string;
  with_name: string;
  customer: Reference | null;
  channel: string;
  status: "open" | "snoozed" | "closed";
  waiting_since: string | null;
  last_message_at: string;
  last_words: string;
  snoozed_until: string | null;
  owner: Reference | null;
};

export type Message = Row & {
  direction: "in" | "out";
  author_kind: "person" | "machine";
  author: Reference | null;
  sender: string;
  sender_name: string;
  recipients: string[];
  copies: string[];
  subject: string;
  text: string;
  new_text: string;
  html: string;
  at: string;
  state: string;
  reason: string;
  result: string;
  channel: string;
  duration_seconds: number | null;
  needs_answer: boolean;
  acknowledged_at: string | null;
  answered_at: string | null;
  notes: string[];
  files: number;
};

export const BOXES = ["waiting", "mine", "open", "drafts", "snoozed", "closed"] as const;
export type Box = (typeof BOXES)[number];

const OPEN: Condition = { field: "status", op: "is", value: "open" };

/** What lies in each box, and in which order one works it off. */
export function boxWish(box: Box, me: string): { where: Condition; sort: string } {
  switch (box) {
    case "waiting":
      return { where: { and: [OPEN, { field: "waiting_since", op: "not_empty" }] }, sort: "waiting_since" };
    case "mine":
      return { where: { and: [OPEN, { field: "owner", op: "is", value: me }] }, sort: "-last_message_at" };
    case "snoozed":
      return { where: { field: "status", op: "is", value: "snoozed" }, sort: "snoozed_until" };
    case "closed":
      return { where: { field: "status", op: "is", value: "closed" }, sort: "-last_message_at" };
    default:
      return { where: OPEN, sort: "-last_message_at" };
  }
}

/** The operation that begins a conversation. */
export const WRITE = "channels.conversation.write";

/** Whether a program carries the channel, so that one can answer on it; the others are written down by hand. */
export const carried = (channel: string) => !(`log_${channel === "phone" ? "call" : channel}` in RESULTS);

/** What a contact written down by hand may have come to. */
export const RESULTS: Record<"log_call" | "log_visit" | "log_letter", string[]> = {
  log_call: [
    "reached",
    "no_answer",
    "left_message",
    "call_back",
    "agreed",
    "declined",
    "solved",
    "wrong_way",
  ],
  log_visit: ["reached", "not_met", "agreed", "declined", "solved", "call_back"],
  log_letter: ["sent", "received", "wrong_way"],
};
