import { useRecordMeta } from "@/api/session";
import { useBackTitle } from "@/ui/page-title";

/** Names the page of a record, known yet or not; the top bar leads back to the list of its kind. */
export function useRecordTitle(plural: string, name: string | undefined): void {
  const label = useRecordMeta(plural)?.label;
  useBackTitle(name || (label?.one ?? ""), plural, label?.many);
}
