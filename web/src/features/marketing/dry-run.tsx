import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import type { Plan, Strategy } from "@/features/marketing/data";
import css from "@/features/marketing/strategy-page.module.css";
import { formatNumber } from "@/lib/format";
import { has, t } from "@/lib/words";
import { ProblemNote, Skeleton } from "@/ui/states";

/** Why somebody is not contacted, in a word or two. */
export function reasonText(reason: string): string {
  const known = [`value.reason.${reason}`, `error.${reason}`].find(has);
  return known ? t(known) : reason;
}

/** Whom it would reach now and why not the others; the numbers add up. What acts on them comes after them. */
export function DryRun({ strategy, children }: { strategy: Strategy; children?: ReactNode }) {
  const plan = useQuery({
    queryKey: ["place", "plan", strategy.id, strategy.version],
    queryFn: () => api.post<Plan>(`/api/strategies/${strategy.id}/dry_run`),
  });
  if (plan.isPending) return <Skeleton lines={12} />;
  if (plan.isError) return <ProblemNote error={plan.error} retry={() => void plan.refetch()} />;
  const { total, allowed, refused, calls, by_channel, sample, begins } = plan.data;
  const not = total - allowed;
  const alone = Math.round(allowed * strategy.hold_out);
  return (
    <>
      {begins && <p>{begins}</p>}
      <div>
        {begins && <p className={css.note}>{t("ui.strategy.if_all")}</p>}
        <p className={css.number}>{formatNumber(allowed)}</p>
        <p>{t("ui.strategy.allowed", { n: allowed, total })}</p>
        {alone > 0 && <p className={css.note}>{t("ui.strategy.about_left_alone", { n: alone })}</p>}
      </div>
      <div className={css.bar} role="img" aria-label={t("ui.strategy.allowed", { n: allowed, total })}>
        <span style={{ inlineSize: `${total ? (allowed / total) * 100 : 0}%` }} />
      </div>
      {Object.keys(by_channel).length > 1 && (
        <ul className={css.reasons}>
          {Object.entries(by_channel).map(([channel, n]) => (
            <li key={channel}>
              <span>{t(`channels.conversation.channel.${channel}`)}</span>
              <span>{formatNumber(n)}</span>
            </li>
          ))}
        </ul>
      )}
      {not > 0 && (
        <ul className={css.reasons} aria-label={t("ui.strategy.not_allowed", { n: not })}>
          <li className={css.sum}>
            <span>{t("ui.strategy.not_allowed", { n: not })}</span>
            <span>{formatNumber(not)}</span>
          </li>
          {Object.entries(refused).map(([reason, n]) => (
            <li key={reason}>
              <span>{reasonText(reason)}</span>
              <span>{formatNumber(n)}</span>
            </li>
          ))}
        </ul>
      )}
      {calls > 0 && <p className={css.note}>{t("ui.strategy.calls", { n: calls })}</p>}
      {sample.length > 0 && (
        <section aria-label={t("ui.strategy.for_example")}>
          <h3 className={css.note}>{t("ui.strategy.for_example")}</h3>
          <ul className={css.sample}>
            {sample.slice(0, 8).map((one) => {
              const id = one.customer?.id ?? one.id;
              return (
                <li key={id}>
                  <Link to={`/customers/${id}`}>{one.customer?.label ?? one.label}</Link>
                  {one.reason && <span className={css.note}> · {reasonText(one.reason)}</span>}
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {children}
    </>
  );
}
