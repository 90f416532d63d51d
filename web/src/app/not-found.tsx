import { Button } from "antd";
import { useNavigate } from "react-router";
import { t } from "@/lib/words";
import { usePageTitle } from "@/ui/page-title";
import { Empty } from "@/ui/states";

export function NotFoundPage() {
  const navigate = useNavigate();
  usePageTitle(t("ui.not_found.title"));
  return (
    <Empty text={t("ui.not_found.text")}>
      <Button onClick={() => navigate("/")}>{t("ui.not_found.back")}</Button>
    </Empty>
  );
}
