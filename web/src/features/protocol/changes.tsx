import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { api } from "@/api/client";
import css from "@/features/protocol/changes.module.css";
import type { Change, Changes } from "@/features/protocol/data";
import { t } from "@/lib/words";
import { ProblemNote, Skeleton } from "@/ui/states";

type Props = { protocol: string; from: number; to: number };

/** What differs between two versions: the wording in place, every number beside what it was. */
export function VersionChanges({ protocol, from, to }: Props) {
  const found = useQuery({
    queryKey: ["measures", "protocol", protocol, "diff", from, to],
    queryFn: ({ signal }) => api.get<Changes>(`/api/protocols/${protocol}/diff`, { from, to }, signal),
  });
  if (found.isPending) return <Skeleton lines={8} />;
  if (found.isError) return <ProblemNote error={found.error} retry={() => void found.refetch()} />;
  const { changes } = found.data;
  if (!changes.length)
    return (
      <p className={css.none}>{t("ui.protocol.changes_none", { old: String(from), new: String(to) })}</p>
    );
  return (
    <>
      <p className={css.count}>{t("ui.protocol.changes_count", { n: changes.length })}</p>
      <ul>
        {changes.map((one) => (
          <ClauseChange key={one.key} change={one} />
        ))}
      </ul>
    </>
  );
}

function Nothing() {
  return <span className={css.nothing}>{t("ui.value.none")}</span>;
}

function ClauseChange({ change }: { change: Change }) {
  const [old, now] = change.number;
  const moved = old && now && old !== now;
  return (
    <li className={css.change}>
      <div className={css.number}>
        <span>{now ?? old}</span>
        {moved && <small>{t("ui.protocol.changes_moved", { number: old })}</small>}
      </div>
      <div>
        <p className={css.head}>
          <strong data-kind={change.kind}>{t(`ui.protocol.changes_${change.kind}`)}</strong>
          <span>{t(`protocols.clause.section.${change.section}`)}</span>
        </p>
        <p className={css.wording}>
          {change.wording.map(({ kind, text }, place) => {
            const key = `${place}-${kind}`;
            if (kind === "added") return <ins key={key}>{text}</ins>;
            if (kind === "removed") return <del key={key}>{text}</del>;
            return <span key={key}>{text}</span>;
          })}
        </p>
        {change.said.length > 0 && (
          <dl className={css.said}>
            {change.said.map((one) => (
              <div key={one.field}>
                <dt>{one.label}</dt>
                <dd>
                  {change.kind !== "added" && (one.old === null ? <Nothing /> : <del>{one.old}</del>)}
                  {change.kind === "changed" && <ArrowRight size={12} aria-hidden />}
                  {change.kind !== "removed" && (one.new === null ? <Nothing /> : <ins>{one.new}</ins>)}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}
