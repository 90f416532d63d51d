import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { api } from "@/api/client";
import type { Reference, Row } from "@/api/types";
import { ChannelIcon } from "@/features/inbox/conversation-list";
import type { Message } from "@/features/inbox/data";
import { MessageFiles } from "@/features/inbox/message-files";
import css from "@/features/inbox/message-view.module.css";
import { useZoneOf } from "@/features/inbox/send-button";
import { formatDuration, formatMoment, formatSaid } from "@/lib/format";
import { has, t } from "@/lib/words";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const SendLater = lazy(() => import("@/features/inbox/send-later").then((m) => ({ default: m.SendLater })));

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

interface Delivery extends Row {
  status: string;
  reason: string;
  release_at: string;
}

const SOON_MS = 60_000;

/** A message that leaves at a time: another one can be chosen until then. */
function ChangeTime({ delivery }: { delivery: Delivery }) {
  const client = useQueryClient();
  const [choosing, setChoosing] = useState(false);
  const customer = delivery.customer as Reference | null;
  const zone = useZoneOf(customer);
  const change = useMutation({
    mutationFn: (send_at: string) => api.post(`/api/deliveries/${delivery.id}/reschedule`, { send_at }),
    onSuccess: () => setChoosing(false),
    onError: (error) => say(problemText(error), { tone: "broken" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["records", "deliveries"] }),
  });
  return (
    <>
      <Button size="small" loading={change.isPending} onClick={() => setChoosing(true)}>
        {t("ui.inbox.later_change")}
      </Button>
      {choosing && (
        <Suspense fallback={null}>
          <SendLater
            zone={zone}
            name={customer?.label ?? ""}
            at={delivery.release_at}
            close={() => setChoosing(false)}
            take={change.mutate}
          />
        </Suspense>
      )}
    </>
  );
}

/** A message on its way out: why it has not left yet, and as long as it waits the way to call it back. */
function Waiting({ message }: { message: Message }) {
  const delivery = useQuery({
    queryKey: ["records", "deliveries", message.id],
    queryFn: () => api.get<Delivery>(`/api/deliveries/${message.id}`),
    retry: false,
  });
  const key = `value.reason.${delivery.data?.reason}`;
  const at = delivery.data?.release_at;
  const later = at && new Date(at).getTime() > Date.now() + SOON_MS ? at : undefined;
  return (
    <>
      <span className={css.state}>
        {later ? t("ui.inbox.leaves", { at: formatSaid(later) }) : t("channels.message.state.waiting")}
        {has(key) && ` · ${t(key)}`}
      </span>
      {delivery.data?.can?.includes("channels.delivery.reschedule") &&
        delivery.data.status === "waiting" &&
        later &&
        !delivery.data.reason && <ChangeTime delivery={delivery.data} />}
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

/** Whom a message went to beside the one it is with. */
function Copied({ message }: { message: Message }) {
  const copies = message.copies ?? [];
  const others = (message.recipients ?? []).filter((one) => !copies.includes(one));
  if (copies.length === 0 && others.length < 2) return null;
  return (
    <p className={css.copied}>
      {others.length > 0 && <span>{t("ui.inbox.to", { names: others.join(", ") })}</span>}
      {copies.length > 0 && <span>{t("ui.inbox.copied", { names: copies.join(", ") })}</span>}
    </p>
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
      <Copied message={message} />
      <div className={css.text}>{whole || !message.new_text ? message.text : message.new_text}</div>
      {message.files > 0 && <MessageFiles message={message} />}
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
            {t(`ui.inbox.${whole ? "hide" : "show"}_${message.direction === "in" ? "quoted" : "signature"}`)}
          </button>
        )}
      </footer>
    </article>
  );
}
