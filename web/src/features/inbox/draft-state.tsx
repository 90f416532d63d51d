import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { Trash2 } from "lucide-react";
import { api } from "@/api/client";
import css from "@/features/inbox/composer.module.css";
import type { Draft, useDraft } from "@/features/inbox/use-draft";
import { t } from "@/lib/words";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

type Kept = ReturnType<typeof useDraft>;

/** Another window has kept something else: which of the two goes on is the writer's to say. */
export function OtherDraft({ draft }: { draft: Kept }) {
  if (draft.state !== "other") return null;
  const settle = (mine: boolean) => draft.settle(mine).catch(() => undefined);
  return (
    <div className={css.other} role="alert">
      <span>{t("ui.inbox.draft_other")}</span>
      <Button size="small" onClick={() => void settle(false)}>
        {t("ui.inbox.draft_theirs")}
      </Button>
      <Button size="small" onClick={() => void settle(true)}>
        {t("ui.inbox.draft_mine")}
      </Button>
    </div>
  );
}

/** Whether what is written is kept, and the way to throw it away. */
export function DraftState({ draft, thrown }: { draft: Kept; thrown?: () => void }) {
  const client = useQueryClient();
  const row = draft.row();
  const throwAway = async () => {
    try {
      await draft.save();
      const gone = draft.row();
      if (gone) await api.post(`/api/drafts/${gone.id}/archive`);
      draft.clear();
      thrown?.();
      const restore = async () => {
        if (!gone) return;
        const back = await api.post<Draft>(`/api/drafts/${gone.id}/restore`);
        draft.takeBack(back);
        await client.invalidateQueries({ queryKey: ["records", "drafts"] });
      };
      say(t("ui.inbox.draft_thrown"), { ...(gone && { action: { label: t("ui.undo.do"), run: restore } }) });
      void client.invalidateQueries({ queryKey: ["records", "drafts"] });
    } catch (error) {
      say(problemText(error), { tone: "broken" });
    }
  };
  return (
    <>
      <span className={css.kept} role="status">
        {draft.state === "kept" && t("ui.inbox.draft_kept")}
        {draft.state === "away" && t("ui.inbox.draft_away")}
      </span>
      {row && draft.state !== "other" && (
        <Button
          type="text"
          icon={<Trash2 size={16} aria-hidden />}
          aria-label={t("ui.inbox.draft_throw")}
          title={t("ui.inbox.draft_throw")}
          onClick={() => void throwAway()}
        />
      )}
    </>
  );
}
