import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Page } from "@/api/types";
import { formatHeading, formatMoment, formatTime } from "@/lib/format";
import { t } from "@/lib/words";
import css from "@/records/record/timeline.module.css";
import { useUserNames } from "@/records/user-names";
import { Empty, ProblemNote, Skeleton } from "@/ui/states";

export type StoryLine = {
  id: string;
  kind: string;
  sentence: string;
  at: string;
  origin: string;
  by: string | null;
};

/** The kinds of entries one may look for: the domains that have events here. */
function useDomains(): { value: string; label: string }[] {
  const records = Object.values(useMeta().records);
  const seen = new Map<string, string>();
  for (const { domain, label } of records) {
    if (domain !== "workspace" && domain !== "journeys" && !seen.has(domain)) seen.set(domain, label.many);
  }
  return [...seen].map(([value, label]) => ({ value, label }));
}

/** What happened, newest first, under headings of days; filtered by kind when one looks for something. */
export function Timeline({ plural, id, title }: { plural: string; id: string; title?: ReactNode }) {
  const [kinds, setKinds] = useState<string[]>([]);
  const story = useInfiniteQuery({
    queryKey: ["story", plural, id, kinds],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<StoryLine>>(
        `/api/${plural}/${id}/timeline`,
        { cursor: pageParam ?? undefined, kinds: kinds.join(",") || undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const lines = useMemo(() => story.data?.pages.flatMap((page) => page.rows) ?? [], [story.data]);
  const days = useMemo(() => {
    const found: [string, StoryLine[]][] = [];
    for (const line of lines) {
      const heading = formatHeading(line.at);
      const last = found[found.length - 1];
      if (last?.[0] === heading) last[1].push(line);
      else found.push([heading, [line]]);
    }
    return found;
  }, [lines]);
  const names = useUserNames();
  const domains = useDomains();
  return (
    <section aria-label={t("ui.record.story")} className={css.story}>
      <div className={css.head}>
        {title || <h2>{t("ui.record.story")}</h2>}
        {domains.length > 1 && (
          <Select
            mode="multiple"
            size="small"
            variant="borderless"
            placement="bottomRight"
            popupMatchSelectWidth={false}
            className={css.kinds}
            aria-label={t("ui.record.story_kinds")}
            placeholder={t("ui.record.story_all")}
            maxTagCount="responsive"
            options={domains}
            value={kinds}
            onChange={setKinds}
          />
        )}
      </div>
      {story.isPending && <Skeleton />}
      {story.isError && <ProblemNote error={story.error} retry={() => void story.refetch()} />}
      {story.isSuccess && lines.length === 0 && (
        <Empty inside title={t("ui.record.story_empty")} text={t("ui.record.story_empty_text")} />
      )}
      {days.map(([heading, inDay]) => (
        <div key={heading} className={css.day}>
          <h3>{heading}</h3>
          <ol>
            {inDay.map((line) => {
              const actor = line.by && names.get(line.by);
              return (
                <li key={line.id} className={css.line}>
                  <time dateTime={line.at} title={formatMoment(line.at)}>
                    {formatTime(line.at)}
                  </time>
                  <div className={css.said}>
                    <span>{line.sentence}</span>
                    {actor && <span className={css.actor}>{actor}</span>}
                  </div>
                </li>
              );
            })}
          </ol>
        </div>
      ))}
      {story.hasNextPage && (
        <Button
          className={css.older}
          loading={story.isFetchingNextPage}
          onClick={() => void story.fetchNextPage()}
        >
          {t("ui.record.story_older")}
        </Button>
      )}
    </section>
  );
}
