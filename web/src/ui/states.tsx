import { Button } from "antd";
import type { ReactNode } from "react";
import { Problem } from "@/api/client";
import { useLongWait } from "@/lib/use-later";
import { has, t } from "@/lib/words";
import css from "@/ui/states.module.css";

/** What stands in the place of what is coming, in its shape; shown only when it takes longer than a blink. */
export function Shape({
  overdue = false,
  className = css.skeleton,
  children,
}: {
  overdue?: boolean;
  className?: string | undefined;
  children: ReactNode;
}) {
  const late = useLongWait() || overdue;
  // The first one of all may come before the words.
  const label = has("ui.state.loading") ? t("ui.state.loading") : undefined;
  return (
    <div className={`${css.shape} ${className}`} data-late={late}>
      <div className="visually-hidden" role="status" aria-busy="true" aria-label={label} />
      {children}
    </div>
  );
}

/** A grey line instead of words, as long as they may be: a share of its place in percent. */
export function Bone({ share = 100 }: { share?: number }) {
  return <span className={css.bone} style={{ width: `${share}%` }} />;
}

/** Grey lines where nothing is known of the shape of what is coming. */
export function Skeleton({ lines = 6, overdue = false }: { lines?: number; overdue?: boolean }) {
  return (
    <Shape overdue={overdue}>
      {Array.from({ length: lines }, (_, line) => (
        <Bone key={line} share={line % 3 === 2 ? 60 : 100} />
      ))}
    </Shape>
  );
}

/** Why there is nothing here, and the one action that fills it. */
export function Empty({
  title,
  text,
  inside = false,
  children,
}: {
  title?: string;
  text?: string;
  /** Among other things of a page, which begins where they do. */
  inside?: boolean;
  children?: ReactNode;
}) {
  return (
    <div className={css.empty} data-inside={inside}>
      {title && <h2>{title}</h2>}
      {text && <p>{text}</p>}
      {children && <div className={css.actions}>{children}</div>}
    </div>
  );
}

/** The sentence of a problem: what happened and why. */
export function problemText(error: unknown): string {
  if (error instanceof Problem) {
    if (error.offline) return t("ui.problem.offline");
    if (error.message) return error.message;
    if (error.status === 404) return t("ui.problem.not_found");
    if (error.status === 403) return t("ui.problem.forbidden");
    if (error.status >= 500) return t("ui.problem.server");
  }
  return t("ui.problem.unknown");
}

export function problemCode(error: unknown): string {
  return error instanceof Problem ? error.code : "client.error";
}

/** Beside what was refused: the sentence, what is wrong with single fields, and a code to quote. */
export function Refusal({ error }: { error: unknown }) {
  const fields = error instanceof Problem ? Object.values(error.fields).map(({ message }) => message) : [];
  return (
    <p role="alert" className={css.refusal}>
      {Boolean(error) && (
        <>
          {[problemText(error), ...fields].join(" ")}{" "}
          <span className={css.code}>{t("ui.problem.code", { code: problemCode(error) })}</span>
        </>
      )}
    </p>
  );
}

/** What went wrong, what to do now, and a code to quote. */
export function ProblemNote({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div className={css.problem} role="alert">
      <p>{problemText(error)}</p>
      <p className={css.code}>{t("ui.problem.code", { code: problemCode(error) })}</p>
      {retry && (
        <Button size="small" onClick={retry}>
          {t("ui.do.try_again")}
        </Button>
      )}
    </div>
  );
}
