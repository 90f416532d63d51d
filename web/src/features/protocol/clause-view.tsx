import { Button } from "antd";
import { Pencil } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import css from "@/features/protocol/clause-view.module.css";
import { type Clause, casesPage } from "@/features/protocol/data";
import { formatHour, formatShare, formatWeekday } from "@/lib/format";
import { standardText, told } from "@/lib/units";
import { t } from "@/lib/words";
import { Gauge, Mark, type Tone } from "@/ui/figure";

const ClauseEditor = lazy(() =>
  import("@/features/protocol/clause-editor").then((m) => ({ default: m.ClauseEditor })),
);

const TONES: Record<Clause["state"], Tone> = {
  kept: "kept",
  missed: "broken",
  no_cases: "plain",
  shown: "plain",
  not_measured: "plain",
  hidden: "plain",
};

/** A length of time in what it is promised in. */
function tookText({ measure, standard }: Clause, seconds: number): string {
  return told(seconds, measure?.unit ?? "", standard?.counted_in);
}

/** How long it took for half of the cases, and for nine of ten. */
function Percentiles({ clause }: { clause: Clause }) {
  const { p50, p90 } = clause.figure ?? {};
  if (clause.measure?.unit !== "seconds" || p50 == null || p90 == null) return null;
  const values = { half: tookText(clause, p50), most: tookText(clause, p90) };
  return <p className={css.note}>{t("ui.protocol.percentiles", values)}</p>;
}

function Live({ clause }: { clause: Clause }) {
  const { figure } = clause;
  if (!figure || !clause.measure)
    return <p className={css.quiet}>{t(`ui.protocol.state_${clause.state}`)}</p>;
  const mean = clause.figure_kind === "mean";
  const value = mean ? figure.mean : figure.share;
  const number = value === null ? "–" : mean ? tookText(clause, value) : formatShare(value);
  const target = clause.target_share === null ? "" : formatShare(clause.target_share, 0);
  return (
    <>
      <p className={css.number} data-tone={TONES[clause.state]}>
        {clause.cases ? <Link to={casesPage(clause.cases)}>{number}</Link> : number}
        {target && <span className={css.target}>{t("ui.protocol.target", { target })}</span>}
      </p>
      {!mean && value !== null && (
        <Gauge
          share={value}
          target={clause.target_share}
          label={t("ui.protocol.gauge", { share: formatShare(value), target: target || "–" })}
        />
      )}
      <p className={css.note}>
        {clause.state !== "shown" && (
          <Mark tone={TONES[clause.state]}>{t(`ui.protocol.state_${clause.state}`)}</Mark>
        )}
        {clause.state !== "no_cases" && <span>{t("ui.protocol.cases", { n: figure.cases })}</span>}
        {figure.missed > 0 && clause.missed && (
          <Link to={casesPage(clause.missed)}>{t("ui.protocol.missed_cases", { n: figure.missed })}</Link>
        )}
        {figure.open > 0 && <span>{t("ui.protocol.open", { n: figure.open })}</span>}
      </p>
      <Percentiles clause={clause} />
      {clause.worst && (
        <p className={css.note}>
          <Worst worst={clause.worst} cases={clause.cases} />
        </p>
      )}
    </>
  );
}

/** When it goes wrong most, with the way to how it goes in all hours of the day. */
function Worst({ worst, cases }: { worst: NonNullable<Clause["worst"]>; cases: string | null }) {
  const said = t("ui.protocol.worst", {
    day: formatWeekday(worst.weekday),
    hour: formatHour(worst.hour),
    n: worst.missed,
  });
  return cases ? <Link to={`${casesPage(cases)}&by=hour`}>{said}</Link> : said;
}

/** One promise: its words to read, beside it whether it is kept. */
export function ClauseView({ clause, section, draft }: { clause: Clause; section: string; draft: boolean }) {
  const [editing, setEditing] = useState(false);
  const mayEdit = draft && clause.can.includes("protocols.clause.change");
  return (
    <article className={css.clause} id={clause.key}>
      <div className={css.ordinal}>
        {clause.number}
        {mayEdit && (
          <Button
            size="small"
            type="text"
            icon={<Pencil size={14} aria-hidden />}
            onClick={() => setEditing(true)}
            aria-label={t("ui.protocol.edit", { number: clause.number })}
          />
        )}
      </div>
      <div className={css.text}>
        <p>{clause.text}</p>
        {clause.scope_said && (
          <p className={css.scope}>
            {t("ui.value.labelled", { label: t("protocols.clause.scope"), value: clause.scope_said })}
          </p>
        )}
        <p className={css.meta}>
          {clause.standard && (
            <span>
              {clause.standard.label && t("ui.value.labelled", { label: clause.standard.label, value: "" })}
              <strong>{standardText(clause.standard)}</strong>
            </span>
          )}
          {clause.team && <span>{clause.team.label}</span>}
        </p>
      </div>
      <div className={css.live}>
        <Live clause={clause} />
      </div>
      {editing && (
        <Suspense fallback={null}>
          <ClauseEditor clause={clause} section={section} close={() => setEditing(false)} />
        </Suspense>
      )}
    </article>
  );
}
