import type { RecordMeta } from "@/api/types";
import type { ListState } from "@/records/list/list-state";

/** Saved ways of looking at a list; filled once the server keeps views. */
export function ViewTabs(_: { meta: RecordMeta; state: ListState; columns: string[] }) {
  return null;
}
