import { Button } from "antd";
import { Component, type ReactNode, useEffect } from "react";
import { useRouteError } from "react-router";
import css from "@/app/pages.module.css";
import { keep, readKept } from "@/lib/kept";
import { t } from "@/lib/words";
import { useTabTitle } from "@/ui/page-title";
import { problemCode, problemText } from "@/ui/states";

const RELOADED = "reloaded";
const ONCE_MS = 30_000;

/** Whether a part of the client could not be fetched: a newer version has taken its place, or the way is lost. */
function isMissingPart(error: unknown): boolean {
  return error instanceof TypeError && /module|import/i.test(error.message);
}

/** After an update the page loads itself again, once, as soon as the server answers. */
function useFreshStart(error: unknown): void {
  useEffect(() => {
    if (!isMissingPart(error) || Date.now() - readKept(RELOADED, 0) < ONCE_MS) return;
    fetch("/healthz")
      .then(({ ok }) => {
        if (!ok) return;
        keep(RELOADED, Date.now());
        window.location.reload();
      })
      .catch(() => undefined);
  }, [error]);
}

/** Says that a page broke, keeps the rest standing, and offers the way back. */
function BrokenPage({ error }: { error: unknown }) {
  useFreshStart(error);
  useTabTitle(t("ui.broken.title"));
  return (
    <div className={css.alone} role="alert">
      <h1>{t("ui.broken.title")}</h1>
      <p>{isMissingPart(error) ? t("ui.broken.part") : problemText(error)}</p>
      <p>{t("ui.broken.advice")}</p>
      <p className={css.code}>{t("ui.problem.code", { code: problemCode(error) })}</p>
      <Button type="primary" onClick={() => window.location.reload()}>
        {t("ui.broken.reload")}
      </Button>
    </div>
  );
}

export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <main>
        <BrokenPage error={this.state.error} />
      </main>
    );
  }
}

export function RouteError() {
  return <BrokenPage error={useRouteError()} />;
}
