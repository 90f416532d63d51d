import type { QueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { t } from "@/lib/words";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

/** How many records are removed and restored, by noun, and how many stay, by noun and reason. */
export type UndoReport = {
  removed: Record<string, number>;
  restored: Record<string, number>;
  kept: Record<string, number>;
};

export const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, n) => sum + n, 0);

/** What taking a change-set back would do; nothing is written. */
export function foresee(changeSet: string): Promise<UndoReport> {
  return api.post<UndoReport>("/api/undo", { change_set: changeSet, dry_run: true });
}

/** Takes a change-set back and says what came back and what could not. */
export async function undo(client: QueryClient, changeSet: string): Promise<void> {
  try {
    const report = await api.post<UndoReport>("/api/undo", { change_set: changeSet });
    const n = total(report.removed) + total(report.restored);
    const kept = total(report.kept);
    say(kept ? t("ui.undo.partly", { n, kept }) : t("ui.undo.done", { n }));
  } catch (error) {
    say(problemText(error), { tone: "broken" });
  }
  await client.invalidateQueries();
}

/** Says what was done and, where it can be taken back, offers that for a while. */
export function offerUndo(client: QueryClient, text: string, changeSet: string | null | undefined): void {
  say(text, changeSet ? { action: { label: t("ui.undo.do"), run: () => undo(client, changeSet) } } : {});
}
