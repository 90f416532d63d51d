import { Button } from "antd";
import { Mail, MapPin, MessageSquare, Phone, ScrollText } from "lucide-react";
import { memo } from "react";
import css from "@/features/inbox/conversation-list.module.css";
import type { Conversation } from "@/features/inbox/data";
import { formatDuration, formatMoment, formatWhen } from "@/lib/format";
import { useNow } from "@/lib/use-later";
import { t } from "@/lib/words";

const ICONS: Record<string, typeof Mail> = { email: Mail, phone: Phone, visit: MapPin, letter: ScrollText };

export function ChannelIcon({ channel }: { channel: string }) {
  const Icon = ICONS[channel] ?? MessageSquare;
  return (
    <Icon
      size={14}
      strokeWidth={1.75}
      role="img"
      aria-label={t(`channels.conversation.channel.${channel}`)}
    />
  );
}

/** How long somebody has been waiting, to the minute. */
export function Waiting({ since }: { since: string }) {
  const now = useNow(20_000);
  const seconds = Math.max(60, (now.getTime() - new Date(since).getTime()) / 1_000);
  return (
    <span className={css.waiting} title={formatMoment(since)}>
      {t("ui.inbox.waits", { time: formatDuration(seconds - (seconds % 60)) })}
    </span>
  );
}

const Item = memo(function Item({
  row,
  here,
  written,
  open,
}: {
  row: Conversation;
  here: boolean;
  /** Whether the reader has begun an answer. */
  written: boolean;
  open: (row: Conversation) => void;
}) {
  return (
    <li>
      <button
        type="button"
        className={css.item}
        aria-current={here ? "true" : undefined}
        onClick={() => open(row)}
      >
        <span className={css.top}>
          <span className={css.name}>{row.customer?.label || row.with_name || t("ui.inbox.unknown")}</span>
          <time dateTime={row.last_message_at}>{formatWhen(row.last_message_at)}</time>
        </span>
        <span className={css.subject}>{row.subject || t("ui.inbox.no_subject")}</span>
        <span className={css.bottom}>
          <ChannelIcon channel={row.channel} />
          {written && <span className={css.draft}>{t("channels.draft.one")}</span>}
          <span className={css.words}>{row.last_words}</span>
          {row.waiting_since && <Waiting since={row.waiting_since} />}
        </span>
      </button>
    </li>
  );
});

export function ConversationList({
  rows,
  current,
  written,
  open,
  more,
}: {
  rows: Conversation[];
  written: Set<string>;
  current: string | undefined;
  open: (row: Conversation) => void;
  more: (() => void) | undefined;
}) {
  return (
    <ul className={css.list}>
      {rows.map((row) => (
        <Item key={row.id} row={row} here={row.id === current} written={written.has(row.id)} open={open} />
      ))}
      {more && (
        <li className={css.more}>
          <Button size="small" onClick={more}>
            {t("ui.inbox.more")}
          </Button>
        </li>
      )}
    </ul>
  );
}
