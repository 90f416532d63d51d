import { Link } from "react-router";
import { t } from "@/lib/words";
import { usePageTitle } from "@/ui/page-title";
import { Empty } from "@/ui/states";

export function NotFoundPage() {
  usePageTitle(t("ui.not_found.title"));
  return (
    <Empty text={t("ui.not_found.text")}>
      <Link to="/">{t("ui.not_found.back")}</Link>
    </Empty>
  );
}
