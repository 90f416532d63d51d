import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Select } from "antd";
import { api } from "@/api/client";
import { meQuery, useMe, useMeta } from "@/api/session";
import css from "@/features/settings/settings.module.css";
import { Sheet } from "@/features/settings/sheet";
import { CURRENCIES, countryOptions, zoneOptions } from "@/lib/regions";
import { t } from "@/lib/words";
import { Refusal } from "@/ui/states";
import { say } from "@/ui/toast";

const DESCRIBE = "workspace.company.describe";
const LANGUAGES = [
  { value: "en", label: "English" },
  { value: "zh-Hans", label: "简体中文" },
  { value: "zh-Hant", label: "繁體中文" },
];

/** Who we are: what every page, letter and figure takes for granted. */
export function CompanyPage() {
  const { company } = useMe();
  const operation = useMeta().operations[DESCRIBE];
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (values: Record<string, unknown>) => api.post(operation?.path ?? "", values),
    onSuccess: async () => {
      await client.fetchQuery({ ...meQuery, staleTime: 0 });
      await client.invalidateQueries({ queryKey: ["calendar"] }); // the country may be another one
      await client.invalidateQueries({ queryKey: ["office_hours"] });
      say(t("ui.settings.saved"));
    },
  });
  const lines = (["shop", "trade", "services"] as const).map((value) => ({
    value,
    label: t(`ui.first_run.line_${value}`),
  }));
  return (
    <Sheet here="/settings" title={t("ui.settings.company")}>
      <Form
        className={css.form}
        layout="vertical"
        requiredMark={false}
        scrollToFirstError={{ focus: true, block: "center" }}
        disabled={!operation}
        initialValues={{ ...company, country: company.country || null }}
        onFinish={(values) => save.mutate(values)}
      >
        <Form.Item
          name="name"
          label={t("ui.first_run.company")}
          rules={[{ required: true, message: t("ui.first_run.company_missing") }]}
        >
          <Input autoComplete="organization" />
        </Form.Item>
        <Form.Item name="line_of_work" label={t("ui.first_run.line")}>
          <Select options={lines} />
        </Form.Item>
        <div className={css.pair}>
          <Form.Item name="language" label={t("ui.me.language")}>
            <Select options={LANGUAGES} />
          </Form.Item>
          <Form.Item name="currency" label={t("ui.first_run.currency")}>
            <Select showSearch options={CURRENCIES.map((value) => ({ value, label: value }))} />
          </Form.Item>
        </div>
        <Form.Item name="zone" label={t("ui.first_run.zone")} extra={t("ui.settings.zone_help")}>
          <Select showSearch={{ optionFilterProp: "label" }} options={zoneOptions()} />
        </Form.Item>
        <Form.Item name="country" label={t("ui.settings.country")} extra={t("ui.settings.country_help")}>
          <Select showSearch={{ optionFilterProp: "label" }} options={countryOptions(company.country)} />
        </Form.Item>
        <Refusal error={save.error} />
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("ui.do.save")}
        </Button>
      </Form>
    </Sheet>
  );
}
