import { Link } from "react-router";
import css from "@/app/pages.module.css";
import { t } from "@/lib/words";

export function NotFoundPage() {
  return (
    <div className={css.alone}>
      <h1>{t("ui.not_found.title")}</h1>
      <p>{t("ui.not_found.text")}</p>
      <Link to="/">{t("ui.not_found.back")}</Link>
    </div>
  );
}
