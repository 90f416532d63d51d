import type { Row } from "@/api/types";

export type Mailbox = Row & {
  name: string;
  address: string;
  signature: string;
  problem: string;
  problem_since: string | null;
  read_at: string | null;
  backfilled: number;
  backfilled_at: string | null;
};

/** How far back a mailbox is read when it is connected. */
export const PAST = "channels.email.backfill_days";
export const FIRST_REPLY = "channels.first_human_reply";
