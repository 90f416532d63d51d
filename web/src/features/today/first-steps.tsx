import { Button } from "antd";
import { useNavigate } from "react-router";
import { useMeta } from "@/api/session";
import css from "@/features/today/today-page.module.css";
import { t } from "@/lib/words";
import { useCount } from "@/records/data";

const EVERYBODY = {};

/** An empty house: the two acts that fill it. */
export function FirstSteps() {
  const { records, operations } = useMeta();
  const customers = useCount("customers", EVERYBODY, "customers" in records);
  const navigate = useNavigate();
  if (customers.data?.n !== 0) return null;
  return (
    <section className={css.steps}>
      <h2>{t("ui.today.start")}</h2>
      <p>{t("ui.today.start_text")}</p>
      <div className={css.stepButtons}>
        <Button type="primary" onClick={() => navigate("/import")}>
          {t("ui.today.import")}
        </Button>
        {"channels.mailbox.connect" in operations && (
          <Button onClick={() => navigate("/settings/mailboxes")}>{t("ui.today.mailbox")}</Button>
        )}
      </div>
    </section>
  );
}
