import { useQuery } from "@tanstack/react-query";
import { Check, ChevronRight, Clock, X } from "lucide-react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import css from "@/features/customers/may-contact.module.css";
import { formatWhen } from "@/lib/format";
import { t } from "@/lib/words";
import { ProblemNote, Skeleton } from "@/ui/states";

const ASK = "channels.delivery.ask";
const NO_WAY = "no_way";
const ORDER = ["marketing", "survey", "greeting", "service", "collection", "contract", "proof", "reply"];

type Reason = {
  reason: string;
  sentence: string;
  remedy: string;
  record: string | null;
  id: string | null;
};
type Answer = {
  purpose: string;
  channel: string;
  allowed: boolean;
  allowed_from: string | null;
  sentence: string;
  reasons: Reason[];
};
type Group = { channels: string[]; answer: Answer };

/** Where there is no way at all, nothing else is worth saying. */
const told = ({ reasons }: Answer) =>
  reasons.some((one) => one.reason === NO_WAY) ? reasons.filter((one) => one.reason === NO_WAY) : reasons;

/** Channels of which the same is true stand together. */
function grouped(answers: Answer[]): Group[] {
  const groups = new Map<string, Group>();
  for (const answer of answers) {
    const same = [answer.sentence, ...told(answer).map((one) => one.sentence)].join(" ");
    const group = groups.get(same);
    if (group) group.channels.push(answer.channel);
    else groups.set(same, { channels: [answer.channel], answer });
  }
  return [...groups.values()];
}

const named = (channels: string[]) =>
  channels.map((channel) => t(`value.channel.${channel}`)).join(t("ui.value.comma"));

/** One look: by which channels, not before when, or no. */
function Verdict({ answers }: { answers: Answer[] }) {
  const reachable = answers.filter((one) => one.reasons.every(({ reason }) => reason !== NO_WAY));
  const yes = answers.filter((one) => one.allowed).map((one) => one.channel);
  if (yes.length > 0) {
    return (
      <span className={css.verdict} data-answer="yes">
        <Check size={14} aria-hidden />
        {yes.length === reachable.length ? t("ui.gate.yes") : named(yes)}
      </span>
    );
  }
  const times = answers.flatMap((one) => one.allowed_from ?? []).sort();
  if (times[0]) {
    return (
      <span className={css.verdict} data-answer="later">
        <Clock size={14} aria-hidden />
        {t("ui.gate.later", { at: formatWhen(times[0]) })}
      </span>
    );
  }
  return (
    <span className={css.verdict} data-answer="no">
      <X size={14} aria-hidden />
      {t("ui.gate.no")}
    </span>
  );
}

function Because({ group, alone }: { group: Group; alone: boolean }) {
  const records = Object.values(useMeta().records);
  return (
    <li>
      <p className={css.whole}>
        <strong>{alone ? t("ui.gate.everywhere") : named(group.channels)}</strong>
        <span>{group.answer.sentence}</span>
      </p>
      {told(group.answer).map((one) => {
        const plural = records.find((record) => record.name === one.record)?.plural;
        return (
          <p key={`${one.reason}${one.id ?? ""}`} className={css.reason}>
            {one.sentence} <span className={css.remedy}>{one.remedy}</span>{" "}
            {plural && one.id && <Link to={`/${plural}/${one.id}`}>{t("ui.gate.evidence")}</Link>}
          </p>
        );
      })}
    </li>
  );
}

function Purpose({ purpose, answers }: { purpose: string; answers: Answer[] }) {
  const groups = grouped(answers);
  return (
    <details className={css.purpose}>
      <summary>
        <ChevronRight size={14} aria-hidden />
        <span className={css.name}>{t(`channels.delivery.purpose.${purpose}`)}</span>
        <Verdict answers={answers} />
      </summary>
      <ul className={css.groups}>
        {groups.map((group) => (
          <Because key={group.channels[0]} group={group} alone={groups.length === 1} />
        ))}
      </ul>
    </details>
  );
}

/** For each purpose whether she may be contacted, by which channel, and why not. */
export function MayContact({ row }: { row: Row }) {
  const allowed = ASK in useMeta().operations;
  const asked = useQuery({
    queryKey: ["story", "customers", row.id, "may_contact"],
    queryFn: ({ signal }) =>
      api.get<{ answers: Answer[] }>(`/api/customers/${row.id}/may_contact`, {}, signal),
    enabled: allowed,
  });
  if (!allowed) return null;
  return (
    <section className={css.panel} aria-label={t("ui.gate.title")}>
      <h2>{t("ui.gate.title")}</h2>
      {asked.isPending && <Skeleton lines={ORDER.length} />}
      {asked.isError && <ProblemNote error={asked.error} retry={() => void asked.refetch()} />}
      {asked.data &&
        ORDER.map((purpose) => (
          <Purpose
            key={purpose}
            purpose={purpose}
            answers={asked.data.answers.filter((one) => one.purpose === purpose)}
          />
        ))}
    </section>
  );
}
