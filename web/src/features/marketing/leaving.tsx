import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect } from "react";
import { api } from "@/api/client";
import type { Row } from "@/api/types";
import type { Strategy } from "@/features/marketing/data";
import css from "@/features/marketing/strategy-page.module.css";
import { useNow } from "@/lib/use-later";
import { t } from "@/lib/words";
import { settleRow } from "@/records/data";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const WHOLE_SECONDS = 10;

/** The seconds in which everything can still be called back. */
export function Leaving({ strategy }: { strategy: Strategy }) {
  const client = useQueryClient();
  const now = useNow(200);
  const left = Math.max(0, (new Date(strategy.send_at ?? 0).getTime() - now.getTime()) / 1_000);
  const over = left === 0;
  useEffect(() => {
    if (!over) return;
    const timer = setInterval(
      () => void client.invalidateQueries({ queryKey: ["records", "strategies", "one", strategy.id] }),
      1_000,
    );
    return () => clearInterval(timer);
  }, [over, client, strategy.id]);
  const recall = useMutation({
    mutationFn: () => api.post<Row>(`/api/strategies/${strategy.id}/recall`),
    onSuccess: (fresh) => {
      settleRow(client, "strategies", fresh);
      say(t("ui.strategy.recalled"));
    },
    onError: (error) => say(problemText(error), { tone: "broken" }),
  });
  return (
    <div className={css.send} role="status">
      <p className={css.sum}>
        {over ? t("ui.strategy.on_the_way") : t("ui.strategy.leaves_in", { n: Math.ceil(left) })}
      </p>
      <div className={css.bar} aria-hidden>
        <span style={{ inlineSize: `${100 - (left / WHOLE_SECONDS) * 100}%` }} />
      </div>
      {!over && (
        <Button size="large" block autoFocus loading={recall.isPending} onClick={() => recall.mutate()}>
          {t("ui.strategy.recall")}
        </Button>
      )}
    </div>
  );
}
