import type { ReactNode } from "react";
import { Link } from "react-router";
import css from "@/ui/figure.module.css";

export type Tone = "plain" | "kept" | "risk" | "broken";

/** A number that carries its words: what it is, over what, how many cases; a link to the cases behind it. */
export function Figure({
  value,
  label,
  note,
  to,
  tone = "plain",
}: {
  value: ReactNode;
  label: ReactNode;
  note?: ReactNode;
  to?: string;
  tone?: Tone;
}) {
  const body = (
    <>
      <span className={css.value} data-tone={tone}>
        {value}
      </span>
      <span className={css.label}>{label}</span>
      {note && <span className={css.note}>{note}</span>}
    </>
  );
  return to ? (
    <Link to={to} className={css.figure}>
      {body}
    </Link>
  ) : (
    <div className={css.figure}>{body}</div>
  );
}

/** A mark with a meaning: kept, at risk, broken. The word stands beside it, so colour never speaks alone. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={css.mark} data-tone={tone}>
      <span className={css.dot} aria-hidden />
      {children}
    </span>
  );
}

/** A quiet bar from nought to one with the target as a tick. */
export function Gauge({ share, target, label }: { share: number; target?: number | null; label: string }) {
  const kept = target === null || target === undefined || share >= target;
  return (
    <div className={css.gauge} data-tone={kept ? "kept" : "broken"} role="img" aria-label={label}>
      <span className={css.fill} style={{ inlineSize: `${Math.min(100, Math.max(0, share * 100))}%` }} />
      {target !== null && target !== undefined && (
        <span className={css.target} style={{ insetInlineStart: `${Math.min(100, target * 100)}%` }} />
      )}
    </div>
  );
}
