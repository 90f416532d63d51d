import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Effects } from "@/features/marketing/effects";
import css from "@/features/marketing/effects-page.module.css";
import { formatMoney } from "@/lib/format";
import { t } from "@/lib/words";
import { OperationDialog } from "@/records/forms/operation-dialog";

const SET = "outreach.effect.set_terms";

/** How it is counted, in a sentence, and the way to count it otherwise. */
export function Terms({ effects }: { effects: Effects }) {
  const client = useQueryClient();
  const operation = useMeta().operations[SET];
  const [asking, setAsking] = useState(false);
  const { terms, currency } = effects;
  const money = (amount: number) => formatMoney({ amount: String(amount), currency });
  return (
    <div className={css.terms}>
      <div>
        <p>{t("ui.effect.terms", { days: terms.window_days })}</p>
        <p>{t("ui.effect.terms_satisfied")}</p>
        <p>
          {t("ui.effect.terms_cost", {
            email: money(terms.cost_email),
            phone: money(terms.cost_phone),
            visit: money(terms.cost_visit),
          })}
        </p>
      </div>
      {operation && (
        <Button size="small" onClick={() => setAsking(true)}>
          {t("ui.effect.change_terms")}
        </Button>
      )}
      {operation && asking && (
        <OperationDialog
          operation={operation}
          name={SET}
          subject={t("ui.effect.title")}
          initial={{ ...terms }}
          close={() => setAsking(false)}
          submit={async (input) => {
            await api.post(operation.path, input);
            await client.invalidateQueries({ queryKey: ["place", "effects"] });
            setAsking(false);
          }}
        />
      )}
    </div>
  );
}
