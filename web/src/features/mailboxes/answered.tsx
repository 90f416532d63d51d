import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Condition, Reference, Row } from "@/api/types";
import { FIRST_REPLY, PAST } from "@/features/mailboxes/data";
import css from "@/features/mailboxes/mailboxes.module.css";
import { formatDay, formatDuration, formatHour, formatShare, formatWeekday } from "@/lib/format";
import { type Counting, standardText } from "@/lib/units";
import { t } from "@/lib/words";
import { LineSection, sectionLine as lines } from "@/records/list/line-section";
import { Figure, Gauge } from "@/ui/figure";
import { ProblemNote, Skeleton } from "@/ui/states";

type Figures = { cases: number; missed: number; share: number | null };
type Answer = {
  total: Figures;
  groups: (Figures & { key: string | null })[];
  standard: { value: number | string; unit: string; counted_in: Counting } | null;
};

const MAIL: Condition = { field: "channel", op: "is", value: "email" };
const UNANSWERED: Condition = { and: [MAIL, { field: "waiting_since", op: "not_empty" }] };
const DAY_MS = 86_400_000;
const SLOWEST = 3;

/** The hours of the week in which most came too late to an answer. */
function slowest(groups: Answer["groups"]) {
  return groups
    .filter((group) => group.missed > 0 && group.key !== null)
    .sort((a, b) => b.missed - a.missed || (a.share ?? 1) - (b.share ?? 1))
    .slice(0, SLOWEST)
    .map(({ key, missed, cases }) => {
      const hour = Number(key);
      return {
        key,
        missed,
        cases,
        day: formatWeekday(Math.floor(hour / 24) + 1),
        hour: formatHour(hour % 24),
      };
    });
}

function Line({ row }: { row: Row }) {
  const since = new Date(String(row.waiting_since));
  const who = (row.customer as Reference | null)?.label || String(row.with_name || t("ui.inbox.unknown"));
  return (
    <div className={lines.line}>
      <Link className={lines.main} to={`/inbox/${row.id}?box=open`}>
        <span className={lines.title}>{who}</span>
        <span className={lines.note}>{String(row.subject || row.last_words || "")}</span>
      </Link>
      <span>{t("ui.inbox.waits", { time: formatDuration((Date.now() - since.getTime()) / 1_000) })}</span>
    </div>
  );
}

/** The mirror of a mailbox: how the mail of the last months was answered, when it was slow, who still waits. */
export function Answered({ since }: { since: string }) {
  const meta = useMeta();
  const days = Number(meta.settings?.[PAST]?.default ?? 0);
  const asked = useMemo(() => {
    const start = new Date(new Date(since).getTime() - days * DAY_MS).toISOString();
    return { start, where: JSON.stringify(MAIL) };
  }, [since, days]);
  const figure = useQuery({
    queryKey: ["measures", FIRST_REPLY, "hour_of_week", asked],
    queryFn: ({ signal }) =>
      api.get<Answer>(`/api/measures/${FIRST_REPLY}`, { ...asked, by: "hour_of_week" }, signal),
    enabled: FIRST_REPLY in meta.measures,
  });
  if (!(FIRST_REPLY in meta.measures)) return null;
  if (figure.isPending) return <Skeleton />;
  if (figure.isError) return <ProblemNote error={figure.error} retry={() => void figure.refetch()} />;
  const { total, groups, standard } = figure.data;
  const hours = slowest(groups);
  const within = standard ? standardText(standard) : "";
  return (
    <>
      <section aria-label={t("ui.mailbox.answered")}>
        <h2 className={css.title}>{t("ui.mailbox.answered")}</h2>
        {total.share === null ? (
          <p>{t(total.cases ? "ui.mailbox.none_judged" : "ui.mailbox.no_mail", { n: total.cases })}</p>
        ) : (
          <div className={css.figure}>
            <Figure
              value={formatShare(total.share)}
              label={t("ui.mailbox.within", { n: total.cases, within })}
              note={t("ui.mailbox.since", { day: formatDay(asked.start) })}
              to={`/figures/${FIRST_REPLY.replaceAll(".", "/")}?${new URLSearchParams(asked)}`}
            />
            <Gauge share={total.share} label={formatShare(total.share)} />
          </div>
        )}
        {hours.length > 0 && (
          <>
            <h3 className={css.sub}>{t("ui.mailbox.slowest")}</h3>
            <ol className={css.hours}>
              {hours.map(({ key, day, hour, missed, cases }) => (
                <li key={key}>
                  <span>
                    {day} {hour}
                  </span>
                  <span className={css.note}>{t("ui.mailbox.late_of", { n: missed, cases })}</span>
                </li>
              ))}
            </ol>
          </>
        )}
      </section>
      <LineSection
        plural="conversations"
        title={t("ui.mailbox.unanswered")}
        none={t("ui.mailbox.all_answered")}
        where={UNANSWERED}
        sort="waiting_since"
        to="/inbox"
        line={(row) => <Line row={row} />}
      />
    </>
  );
}
