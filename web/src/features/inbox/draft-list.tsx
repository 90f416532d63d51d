import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { useMe, useMeta } from "@/api/session";
import type { Page } from "@/api/types";
import { ChannelIcon } from "@/features/inbox/conversation-list";
import css from "@/features/inbox/conversation-list.module.css";
import { BEGIN, type Draft, draftsOf } from "@/features/inbox/use-draft";
import { formatMoment, formatWhen } from "@/lib/format";
import { t } from "@/lib/words";
import { Empty, ProblemNote, Skeleton } from "@/ui/states";

const MOST = 200;

/** What the reader has begun to write and not sent, newest first. */
export function useMyDrafts() {
  const me = useMe();
  return useQuery({
    queryKey: ["records", "drafts", "list", "mine"],
    meta: { own: true },
    enabled: BEGIN in useMeta().operations,
    queryFn: async ({ signal }) => {
      const asked = { where: JSON.stringify(draftsOf(me.id)), sort: "-updated_at", limit: MOST };
      return (await api.get<Page<Draft>>("/api/drafts", asked, signal)).rows;
    },
  });
}

/** Answers lead to their conversation, letters open where they were. */
export function DraftList({ current, open }: { current: string | undefined; open: (draft: Draft) => void }) {
  const drafts = useMyDrafts();
  if (drafts.isPending) return <Skeleton lines={9} />;
  if (drafts.isError) return <ProblemNote error={drafts.error} retry={() => void drafts.refetch()} />;
  if (!drafts.data.length)
    return <Empty title={t("ui.inbox.empty_drafts")} text={t("ui.inbox.empty_drafts_text")} />;
  return (
    <ul className={css.list}>
      {drafts.data.map((draft) => (
        <li key={draft.id}>
          <button
            type="button"
            className={css.item}
            aria-current={draft.conversation && draft.conversation.id === current ? "true" : undefined}
            onClick={() => open(draft)}
          >
            <span className={css.top}>
              <span className={css.name}>{draft.customer?.label || t("ui.inbox.unknown")}</span>
              <time dateTime={draft.updated_at} title={formatMoment(draft.updated_at)}>
                {formatWhen(draft.updated_at)}
              </time>
            </span>
            <span className={css.subject}>{draft.subject || t("ui.inbox.no_subject")}</span>
            <span className={css.bottom}>
              <ChannelIcon channel="email" />
              <span className={css.words}>{draft.text.slice(0, 200)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
