import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import type { Strategy } from "@/features/marketing/data";
import { DryRun } from "@/features/marketing/dry-run";
import { StrategyEffects } from "@/features/marketing/effects-page";
import { Leaving } from "@/features/marketing/leaving";
import { outlookOf } from "@/features/marketing/outlook";
import { Recipients } from "@/features/marketing/recipients";
import { fromStrategy, StrategyFields, toInput, type Wishes } from "@/features/marketing/strategy-fields";
import css from "@/features/marketing/strategy-page.module.css";
import { formatWhen } from "@/lib/format";
import { t } from "@/lib/words";
import { settleRow, useRow } from "@/records/data";
import { OperationButtons } from "@/records/forms/operation-buttons";
import { useRecordTitle } from "@/records/record-title";
import { ProblemNote, Refusal, Skeleton } from "@/ui/states";
import { say } from "@/ui/toast";

const BY_PAGE = ["send", "redefine", "dry_run", "outlook", "recall", "begin", "contact"].map(
  (verb) => `outreach.strategy.${verb}`,
);

export function NewStrategyPage() {
  const [params] = useSearchParams();
  const client = useQueryClient();
  const navigate = useNavigate();
  useRecordTitle("strategies", t("ui.strategy.new"));
  const create = useMutation({
    mutationFn: (wishes: Wishes) =>
      api.post<Row>("/api/strategies", { name: wishes.name, ...toInput(wishes) }),
    onSuccess: (row) => {
      settleRow(client, "strategies", row);
      navigate(`/strategies/${row.id}`, { replace: true });
    },
  });
  const segment = params.get("segment");
  return (
    <div className={css.page}>
      <div className={css.main}>
        <Form<Wishes>
          layout="vertical"
          requiredMark={false}
          scrollToFirstError={{ focus: true, block: "center" }}
          initialValues={{ purpose: "marketing", channels: ["email"], hold_out: 0, call_them: true, segment }}
          onFinish={(wishes) => create.mutate(wishes)}
        >
          <StrategyFields named />
          <Refusal error={create.error} />
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t("ui.strategy.create")}
          </Button>
        </Form>
      </div>
      <aside className={css.side}>
        <p className={css.note}>{t("ui.strategy.not_yet")}</p>
      </aside>
    </div>
  );
}

export function StrategyPage() {
  const { id = "" } = useParams();
  const row = useRow("strategies", id);
  useRecordTitle("strategies", row.data?.label);
  if (row.isPending) return <Skeleton lines={9} />;
  if (row.isError) return <ProblemNote error={row.error} retry={() => void row.refetch()} />;
  return <Known key={`${row.data.id}${row.data.version}`} strategy={row.data as Strategy} />;
}

function Known({ strategy }: { strategy: Strategy }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [form] = Form.useForm<Wishes>();
  const mayMeasure = "outreach.strategy.converted" in useMeta().measures;
  const status = useMeta().records.strategies?.fields.status?.choices?.find(
    ({ value }) => value === strategy.status,
  );
  const editable =
    ["draft", "sent"].includes(strategy.status) && strategy.can?.includes("outreach.strategy.redefine");
  const save = useMutation({
    mutationFn: (wishes: Wishes) => api.post<Row>(`/api/strategies/${strategy.id}/redefine`, toInput(wishes)),
    onSuccess: (fresh) => {
      settleRow(client, "strategies", fresh);
      say(t("ui.settings.saved"));
    },
  });
  const send = useMutation({
    mutationFn: () => api.post<Row>(`/api/strategies/${strategy.id}/send`),
    onSuccess: (fresh) => settleRow(client, "strategies", fresh),
  });
  const maySend =
    ["draft", "sent"].includes(strategy.status) && strategy.can?.includes("outreach.strategy.send");
  return (
    <div className={css.page}>
      <div className={css.main}>
        <header className={css.head}>
          <h2 className={css.name}>{strategy.name}</h2>
          <span className={css.note}>
            {[status?.label, strategy.sent_at && formatWhen(strategy.sent_at)].filter(Boolean).join(" · ")}
          </span>
          <span className={css.space} />
          <OperationButtons
            plural="strategies"
            row={strategy}
            hide={BY_PAGE}
            shown={2}
            about={outlookOf(strategy)}
            done={(answer) => answer?.id && answer.id !== strategy.id && navigate(`/strategies/${answer.id}`)}
          />
        </header>
        {strategy.sent_at && mayMeasure && <StrategyEffects strategy={strategy.id} />}
        <Form<Wishes>
          form={form}
          layout="vertical"
          requiredMark={false}
          scrollToFirstError={{ focus: true, block: "center" }}
          disabled={!editable}
          initialValues={fromStrategy(strategy)}
          onFinish={(wishes) => save.mutate(wishes)}
        >
          <StrategyFields once={!strategy.begins.event} />
          <Refusal error={save.error} />
          {editable && (
            <Button htmlType="submit" loading={save.isPending}>
              {t("ui.do.save")}
            </Button>
          )}
        </Form>
        {strategy.sent_at && <Recipients strategy={strategy.id} />}
      </div>
      <aside className={css.side} aria-label={t("ui.strategy.reach")}>
        {strategy.status === "scheduled" && strategy.send_at ? (
          <Leaving strategy={strategy} />
        ) : (
          <DryRun strategy={strategy}>
            {maySend && (
              <div className={css.send}>
                <Button
                  type={strategy.sent_at ? "default" : "primary"}
                  size="large"
                  block
                  loading={send.isPending}
                  onClick={() => send.mutate()}
                >
                  {t(
                    strategy.begins.event
                      ? "ui.strategy.start"
                      : strategy.sent_at
                        ? "ui.strategy.send_again"
                        : "ui.strategy.send",
                  )}
                </Button>
                <p className={css.note}>{t("ui.strategy.ten_seconds")}</p>
                <Refusal error={send.error} />
              </div>
            )}
          </DryRun>
        )}
      </aside>
    </div>
  );
}
