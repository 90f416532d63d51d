import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useMeta } from "@/api/session";
import type { Condition, Reference, Row } from "@/api/types";
import { CHANGED } from "@/api/use-live";
import { ChannelIcon } from "@/features/inbox/conversation-list";
import { CustomerActions } from "@/features/inbox/customer-actions";
import { type Conversation, carried } from "@/features/inbox/data";
import { Unknown } from "@/features/inbox/side";
import { ELSEWHERE, Thread, ThreadState } from "@/features/inbox/thread";
import css from "@/features/inbox/ticket-talk.module.css";
import { formatMoment, formatWhen } from "@/lib/format";
import { t } from "@/lib/words";
import { useRow, useRows } from "@/records/data";
import { OperationButtons } from "@/records/forms/operation-buttons";
import { Empty, ProblemNote, Skeleton } from "@/ui/states";

/** The conversations about a ticket, the newest first; one that has just been linked is there, too. */
function useTalks(ticket: string) {
  const where: Condition = {
    related: "tickets",
    aggregate: "exists",
    where: { field: "ticket", op: "is", value: ticket },
  };
  const list = useRows("conversations", { where, sort: "-last_message_at" });
  const { refetch } = list;
  useEffect(() => {
    const listen = (event: Event) => {
      if ((event as CustomEvent<string>).detail === "ticket_conversations") void refetch();
    };
    window.addEventListener(CHANGED, listen);
    return () => window.removeEventListener(CHANGED, listen);
  }, [refetch]);
  return list;
}

/** What the customer said when the ticket was written down. */
function Description({ row }: { row: Row }) {
  const label = useMeta().records.tickets?.fields.description?.label;
  if (!row.description) return null;
  return (
    <article className={css.description}>
      <header>
        <h3>{label}</h3>
        <time dateTime={String(row.received_at)} title={formatMoment(String(row.received_at))}>
          {formatWhen(String(row.received_at))}
        </time>
      </header>
      <p>{String(row.description)}</p>
    </article>
  );
}

/** The conversations of a ticket, one tap from each other, and what may be done with the open one. */
function Head({
  talks,
  current,
  open,
}: {
  talks: Conversation[];
  current: Conversation;
  open: (id: string) => void;
}) {
  return (
    <header className={css.head}>
      <ul className={css.talks} aria-label={t("ui.inbox.conversations")}>
        {talks.map((talk) => (
          <li key={talk.id}>
            <button
              type="button"
              aria-pressed={talk.id === current.id}
              title={talk.subject}
              onClick={() => open(talk.id)}
            >
              <ChannelIcon channel={talk.channel} />
              <span>{talk.subject || t("ui.inbox.no_subject")}</span>
              <time dateTime={talk.last_message_at}>{formatWhen(talk.last_message_at)}</time>
            </button>
          </li>
        ))}
      </ul>
      <p className={css.state}>
        <ThreadState conversation={current} />
      </p>
      <OperationButtons plural="conversations" row={current} shown={0} hide={ELSEWHERE} />
    </header>
  );
}

/** Who can be written to or called about it, and how. */
function useCustomer(row: Row): { person: Row | undefined; name: string } {
  const customer = row.customer as Reference | null;
  const allowed = "customers" in useMeta().records;
  const found = useRow("customers", customer?.id ?? "", Boolean(customer) && allowed);
  if (!customer || (allowed && found.isPending)) return { person: undefined, name: "" };
  return { person: found.data ?? customer, name: customer.label };
}

function Talks({ row }: { row: Row }) {
  const list = useTalks(row.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const [begun, setBegun] = useState<Conversation | null>(null);
  const { person, name } = useCustomer(row);
  const matter = useMemo(() => ({ id: row.id, label: String(row.subject) }), [row.id, row.subject]);
  const known = (list.data?.pages.flatMap((page) => page.rows) ?? []) as Conversation[];
  const talks = begun && !known.some(({ id }) => id === begun.id) ? [begun, ...known] : known;
  const current = talks.find(({ id }) => id === chosen) ?? talks[0];
  useEffect(() => {
    // What one reads stays open when another conversation becomes the newest.
    if (!chosen && current) setChosen(current.id);
  }, [chosen, current]);
  if (list.isPending) return <Skeleton />;
  if (list.isError) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  const actions: ReactNode = person && (
    <CustomerActions
      row={person}
      matter={matter}
      done={(conversation) => {
        setBegun(conversation as Conversation);
        setChosen(conversation.id);
      }}
    />
  );
  const unknown = !row.customer && (
    <Unknown
      plural={current ? "conversations" : "tickets"}
      row={current ?? row}
      name={current ? "channels.conversation.attach_customer" : "service.ticket.attach"}
      title={t("ui.talk.unknown")}
      text={t("ui.talk.unknown_text")}
    />
  );
  if (current) {
    return (
      <Thread
        key={current.id}
        conversation={current}
        head={<Head talks={talks} current={current} open={setChosen} />}
        before={
          <>
            <Description row={row} />
            {unknown}
          </>
        }
        {...(!carried(current.channel) && actions && { foot: <div className={css.foot}>{actions}</div> })}
      />
    );
  }
  return (
    <div className={css.none}>
      <Description row={row} />
      {unknown}
      {person && (
        <Empty
          inside
          title={t("ui.talk.none")}
          text={t(person.email ? "ui.talk.none_text" : "ui.talk.none_by_hand", { name })}
        >
          {actions}
        </Empty>
      )}
    </div>
  );
}

/** What was said about a ticket, and the way to answer it without leaving the page. */
export function TicketTalk({ row }: { row: Row }) {
  if ("conversations" in useMeta().records) return <Talks row={row} />;
  return (
    <div className={css.none}>
      <Description row={row} />
      <Empty inside title={t("ui.talk.none")} text={t("ui.talk.none_read")} />
    </div>
  );
}
