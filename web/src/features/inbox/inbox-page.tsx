import { Drawer } from "antd";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useMe } from "@/api/session";
import { ConversationList } from "@/features/inbox/conversation-list";
import { BOXES, type Box, boxWish, type Conversation } from "@/features/inbox/data";
import { DraftList, useMyDrafts } from "@/features/inbox/draft-list";
import css from "@/features/inbox/inbox-page.module.css";
import { Side } from "@/features/inbox/side";
import { Thread, ThreadHead } from "@/features/inbox/thread";
import { useKeys } from "@/lib/keys";
import { usePhone } from "@/lib/use-phone";
import { t } from "@/lib/words";
import { useCount, useRow, useRows } from "@/records/data";
import { usePageTitle } from "@/ui/page-title";
import { Empty, ProblemNote, Skeleton } from "@/ui/states";

const WriteLetter = lazy(() =>
  import("@/features/inbox/write-letter").then((m) => ({ default: m.WriteLetter })),
);

/** Who waits, what was said, who it is: three columns that never leave each other. */
export function InboxPage() {
  const { id } = useParams();
  const [params, setParams] = useSearchParams();
  const me = useMe();
  const phone = usePhone();
  const navigate = useNavigate();
  const [beside, setBeside] = useState(false);
  const asked = params.get("box") as Box | null;
  const box = asked && BOXES.includes(asked) ? asked : "waiting";
  const wish = useMemo(() => boxWish(box, me.id), [box, me.id]);
  const list = useRows("conversations", wish);
  const waiting = useCount("conversations", boxWish("waiting", me.id));
  const rows = useMemo(
    () => (box === "drafts" ? [] : (list.data?.pages.flatMap((page) => page.rows) ?? [])) as Conversation[],
    [list.data, box],
  );
  const drafts = useMyDrafts();
  const written = useMemo(
    () => new Set((drafts.data ?? []).flatMap(({ conversation }) => conversation?.id ?? [])),
    [drafts.data],
  );
  const letter = params.get("letter");
  const current = useRow("conversations", id ?? "", Boolean(id));
  const open = useCallback((row: Conversation) => navigate(`/inbox/${row.id}?${params}`), [navigate, params]);
  usePageTitle(t("ui.place.inbox"));

  const step = (by: number) => {
    const at = rows.findIndex((row) => row.id === id);
    const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (next) open(next);
  };
  useKeys({ j: () => step(1), k: () => step(-1) });

  const conversation = current.data as Conversation | undefined;
  return (
    <div className={css.inbox} data-open={Boolean(id)}>
      {(!phone || !id) && (
        <section className={css.list} aria-label={t("ui.inbox.conversations")}>
          <ul className={css.boxes}>
            {BOXES.map((one) => (
              <li key={one}>
                <button type="button" aria-pressed={one === box} onClick={() => setParams({ box: one })}>
                  {t(`ui.inbox.box_${one}`)}
                  {one === "waiting" && waiting.data && waiting.data.n > 0 && <span>{waiting.data.n}</span>}
                  {one === "drafts" && Boolean(drafts.data?.length) && <span>{drafts.data?.length}</span>}
                </button>
              </li>
            ))}
          </ul>
          {box === "drafts" && (
            <DraftList
              current={id}
              open={({ conversation: about, id: which }) =>
                navigate(about ? `/inbox/${about.id}?box=drafts` : `/inbox?box=drafts&letter=${which}`)
              }
            />
          )}
          {box !== "drafts" && list.isPending && <Skeleton lines={9} />}
          {box !== "drafts" && list.isError && (
            <ProblemNote error={list.error} retry={() => void list.refetch()} />
          )}
          {box !== "drafts" && list.isSuccess && rows.length === 0 && (
            <Empty title={t(`ui.inbox.empty_${box}`)} text={t("ui.inbox.empty_text")} />
          )}
          {rows.length > 0 && (
            <ConversationList
              rows={rows}
              current={id}
              written={written}
              open={open}
              more={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
            />
          )}
        </section>
      )}
      {id && current.isPending && <Skeleton lines={9} />}
      {id && current.isError && <ProblemNote error={current.error} retry={() => void current.refetch()} />}
      {conversation && (
        <>
          <Thread
            key={conversation.id}
            conversation={conversation}
            head={
              <ThreadHead
                conversation={conversation}
                who={() => setBeside(true)}
                back={phone ? () => navigate(`/inbox?${params}`) : undefined}
              />
            }
          />
          {!phone && <Side conversation={conversation} />}
          <Drawer
            open={beside}
            onClose={() => setBeside(false)}
            title={t("ui.inbox.who")}
            size={phone ? "100%" : 360}
            destroyOnHidden
          >
            <Side conversation={conversation} />
          </Drawer>
        </>
      )}
      {letter && (
        <Suspense fallback={null}>
          <WriteLetter key={letter} draft={letter} close={() => setParams({ box })} />
        </Suspense>
      )}
      {!id && !phone && rows.length > 0 && <p className={css.hint}>{t("ui.inbox.choose")}</p>}
    </div>
  );
}
