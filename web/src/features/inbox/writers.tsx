import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import css from "@/features/inbox/composer.module.css";
import { BEGIN } from "@/features/inbox/use-draft";
import { formatWhen } from "@/lib/format";
import { t } from "@/lib/words";

type Writer = { who: string; name: string; at: string };
const LOOK_AGAIN_MS = 60_000;
const WRITING_MS = 5 * 60_000;

/** Who else is writing an answer here, so that nobody answers twice. */
export function Writers({ conversation }: { conversation: string }) {
  const writers = useQuery({
    queryKey: ["records", "drafts", "list", "writers", conversation],
    queryFn: ({ signal }) =>
      api.get<Writer[]>(`/api/conversations/${conversation}/writers`, undefined, signal),
    enabled: BEGIN in useMeta().operations,
    refetchInterval: (query) => (query.state.data?.length ? LOOK_AGAIN_MS : false),
  });
  return (
    <div role="status" className={css.writers}>
      {writers.data?.map(({ who, name, at }) => (
        <p key={who}>
          {Date.now() - new Date(at).getTime() < WRITING_MS
            ? t("ui.inbox.writing", { name })
            : t("ui.inbox.began", { name, at: formatWhen(at) })}
        </p>
      ))}
    </div>
  );
}
