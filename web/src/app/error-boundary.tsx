import { Button } from "antd";
import { Component, type ReactNode } from "react";
import { useRouteError } from "react-router";
import css from "@/app/pages.module.css";
import { t } from "@/lib/words";
import { problemCode, problemText } from "@/ui/states";

/** Says that a page broke, keeps the rest standing, and offers the way back. */
function BrokenPage({ error }: { error: unknown }) {
  return (
    <main className={css.alone}>
      <h1>{t("ui.broken.title")}</h1>
      <p>{problemText(error)}</p>
      <p>{t("ui.broken.advice")}</p>
      <p className={css.code}>{t("ui.problem.code", { code: problemCode(error) })}</p>
      <Button type="primary" onClick={() => window.location.reload()}>
        {t("ui.broken.reload")}
      </Button>
    </main>
  );
}

export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error ? <BrokenPage error={this.state.error} /> : this.props.children;
  }
}

export function RouteError() {
  return <BrokenPage error={useRouteError()} />;
}
