import { Button } from "antd";
import { ChevronLeft, CircleUser } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { Composer } from "@/features/inbox/composer";
import { Waiting } from "@/features/inbox/conversation-list";
import type { Conversation, Message } from "@/features/inbox/data";
import { MessageView } from "@/features/inbox/message-view";
import css from "@/features/inbox/thread.module.css";
import { formatMoment } from "@/lib/format";
import { t } from "@/lib/words";
import { useRows } from "@/records/data";
import { OperationButtons } from "@/records/forms/operation-buttons";
import { ProblemNote, Skeleton } from "@/ui/states";

const NEWEST_FIRST = { sort: "-at" };
const KEYS = { d: "channels.conversation.close" };
export const ELSEWHERE = ["channels.conversation.reply", "channels.conversation.attach_customer"];

/** Whether somebody waits, or how else it stands. */
export function ThreadState({ conversation }: { conversation: Conversation }) {
  if (conversation.waiting_since) return <Waiting since={conversation.waiting_since} />;
  if (conversation.status === "snoozed" && conversation.snoozed_until) {
    return t("ui.inbox.until", { at: formatMoment(conversation.snoozed_until) });
  }
  return t(`channels.conversation.status.${conversation.status}`);
}

/** In the inbox: what it is about, how it stands, what may be done with it. */
export function ThreadHead({
  conversation,
  back,
  who,
}: {
  conversation: Conversation;
  back: (() => void) | undefined;
  who: () => void;
}) {
  return (
    <header className={css.head}>
      {back && (
        <Button
          type="text"
          icon={<ChevronLeft size={18} aria-hidden />}
          onClick={back}
          aria-label={t("ui.inbox.back")}
        />
      )}
      <div className={css.title}>
        <h2>{conversation.subject || t("ui.inbox.no_subject")}</h2>
        <p className={css.state}>
          <ThreadState conversation={conversation} />
          {conversation.owner && <span>{conversation.owner.label}</span>}
        </p>
      </div>
      <Button
        className={css.who}
        type="text"
        icon={<CircleUser size={18} strokeWidth={1.75} aria-hidden />}
        onClick={who}
        aria-label={t("ui.inbox.who")}
      />
      <OperationButtons
        plural="conversations"
        row={conversation}
        shown={back ? 0 : 2}
        hide={ELSEWHERE}
        keys={KEYS}
      />
    </header>
  );
}

/** What was said, oldest above, with the answer below. */
export function Thread({
  conversation,
  head,
  before,
  foot = <Composer conversation={conversation} />,
}: {
  conversation: Conversation;
  head: ReactNode;
  /** What was there before anything was said. */
  before?: ReactNode;
  foot?: ReactNode;
}) {
  const list = useRows("messages", NEWEST_FIRST, `/api/conversations/${conversation.id}/messages`);
  const messages = useMemo(
    () => ((list.data?.pages.flatMap((page) => page.rows) ?? []) as Message[]).toReversed(),
    [list.data],
  );
  const box = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const seen = useRef<string>(undefined);
  const last = messages[messages.length - 1]?.id;
  useEffect(() => {
    if (!last) return;
    // A new message brings the end into sight; the first look moves nothing but the messages.
    if (seen.current) end.current?.scrollIntoView({ block: "end" });
    else box.current?.scrollTo({ top: box.current.scrollHeight });
    seen.current = last;
  }, [last]);
  return (
    <section className={css.thread} aria-label={conversation.subject || t("ui.inbox.no_subject")}>
      {head}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <div ref={box} className={css.messages} tabIndex={0} role="log" aria-label={t("ui.inbox.messages")}>
        {before}
        {list.isPending && <Skeleton />}
        {list.isError && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
        {list.hasNextPage && (
          <Button size="small" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("ui.inbox.earlier")}
          </Button>
        )}
        {messages.map((message) => (
          <MessageView
            key={message.id}
            message={message}
            who={conversation.customer?.label || conversation.with_name}
          />
        ))}
        <div ref={end} className={css.end} />
      </div>
      {foot}
    </section>
  );
}
