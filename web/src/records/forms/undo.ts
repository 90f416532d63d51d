import type { QueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Meta, OperationMeta } from "@/api/types";
import { currentLanguage, t } from "@/lib/words";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

type UndoReport = { removed?: Record<string, number>; restored?: Record<string, number>; kept?: unknown[] };

const total = (counts: Record<string, number> | undefined) =>
  Object.values(counts ?? {}).reduce((sum, n) => sum + n, 0);

const UNDO = "kernel.undo";

function undoOperation(client: QueryClient): OperationMeta | undefined {
  return client.getQueryData<Meta>(["meta", currentLanguage()])?.operations[UNDO];
}

/** Takes a change-set back and says what came back and what could not. */
export async function undo(client: QueryClient, changeSet: string): Promise<void> {
  try {
    const report = await api.post<UndoReport>(undoOperation(client)?.path ?? "", { change_set: changeSet });
    const n = total(report.removed) + total(report.restored);
    const kept = report.kept?.length ?? 0;
    say(kept ? t("ui.undo.partly", { n, kept }) : t("ui.undo.done", { n }));
  } catch (error) {
    say(problemText(error), { tone: "broken" });
  }
  await client.invalidateQueries();
}

/** Says what was done and, where it can be taken back, offers that for a while. */
export function offerUndo(client: QueryClient, text: string, changeSet: string | null | undefined): void {
  say(
    text,
    changeSet && undoOperation(client)
      ? { action: { label: t("ui.undo.do"), run: () => undo(client, changeSet) } }
      : {},
  );
}
