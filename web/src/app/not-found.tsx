import { Link } from "react-router";
import css from "@/app/pages.module.css";
import { t } from "@/lib/words";
import { usePageTitle } from "@/ui/page-title";

export function NotFoundPage() {
  usePageTitle(t("ui.not_found.title"));
  return (
    <div className={css.alone}>
      <p>{t("ui.not_found.text")}</p>
      <Link to="/">{t("ui.not_found.back")}</Link>
    </div>
  );
}
