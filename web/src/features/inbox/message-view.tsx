import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { ChannelIcon } from "@/features/inbox/conversation-list";
import type { Message } from "@/features/inbox/data";
import css from "@/features/inbox/message-view.module.css";
import { formatDuration, formatMoment, formatSaid } from "@/lib/format";
import { has, t } from "@/lib/words";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

/** A message that has not left yet: it can still be called back. */
function CallBack({ message }: { message: Message }) {
  const client = useQueryClient();
  const call = useMutation({
    mutationFn: () => api.post(`/api/deliveries/${message.id}/call_back`),
    onSuccess: () => say(t("ui.inbox.called_back")),
    onError: (error) => say(problemText(error), { tone: "broken" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["records", "messages"] }),
  });
  return (
    <Button size="small" loading={call.isPending} onClick={() => call.mutate()}>
      {t("ui.inbox.call_back")}
    </Button>
  );
}

interface Delivery {
  status: string;
  reason: string;
}

/** A message on its way out: why it has not left yet, and as long as it waits the way to call it back. */
function Waiting({ message }: { message: Message }) {
  const delivery = useQuery({
    queryKey: ["records", "deliveries", message.id],
    queryFn: () => api.get<Delivery>(`/api/deliveries/${message.id}`),
    retry: false,
  });
  const key = `value.reason.${delivery.data?.reason}`;
  return (
    <>
      <span className={css.state}>
        {t("channels.message.state.waiting")}
        {has(key) && ` · ${t(key)}`}
      </span>
      {(!delivery.data || delivery.data.status === "waiting") && <CallBack message={message} />}
    </>
  );
}

function State({ message }: { message: Message }) {
  if (message.direction === "in" || message.state === "sent" || message.state === "delivered") return null;
  if (message.state === "logged") return null;
  if (message.state === "waiting") return <Waiting message={message} />;
  const key = `value.reason.${message.reason}`;
  const reason = has(key) ? t(key) : message.reason;
  return (
    <span className={css.state} data-bad={["not_sent", "bounced", "uncertain"].includes(message.state)}>
      {t(`channels.message.state.${message.state}`)}
      {reason && ` · ${reason}`}
    </span>
  );
}

export function MessageView({ message, who }: { message: Message; who: string }) {
  const [whole, setWhole] = useState(false);
  const quoted =
    message.text.trim().length > message.new_text.trim().length && message.new_text.trim() !== "";
  const author =
    message.direction === "in"
      ? who || message.sender_name || message.sender
      : message.author_kind === "machine"
        ? t("ui.inbox.automatic")
        : (message.author?.label ?? t("ui.inbox.us"));
  return (
    <article className={css.message} data-direction={message.direction}>
      <header className={css.head}>
        <ChannelIcon channel={message.channel} />
        <strong>{author}</strong>
        {message.direction === "in" && message.sender && (
          <span className={css.address}>{message.sender}</span>
        )}
        <time dateTime={message.at} title={formatMoment(message.at)}>
          {formatSaid(message.at)}
        </time>
      </header>
      <div className={css.text}>{whole || !message.new_text ? message.text : message.new_text}</div>
      <footer className={css.foot}>
        {message.result && (
          <span>{t("ui.inbox.result", { result: t(`ui.channels.result.${message.result}`) })}</span>
        )}
        {message.duration_seconds !== null && message.duration_seconds > 0 && (
          <span>{formatDuration(message.duration_seconds)}</span>
        )}
        {message.acknowledged_at && message.acknowledged_at !== message.answered_at && (
          <span>{t("ui.inbox.receipt", { at: formatSaid(message.acknowledged_at) })}</span>
        )}
        {message.notes.map(
          (note) => has(`ui.inbox.note.${note}`) && <span key={note}>{t(`ui.inbox.note.${note}`)}</span>,
        )}
        <State message={message} />
        {quoted && (
          <button type="button" className={css.quote} aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {t(whole ? "ui.inbox.hide_quoted" : "ui.inbox.show_quoted")}
          </button>
        )}
      </footer>
    </article>
  );
}
