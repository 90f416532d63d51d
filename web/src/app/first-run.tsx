import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { api, Problem } from "@/api/client";
import { meQuery, startQuery } from "@/api/session";
import type { Start } from "@/api/types";
import css from "@/app/door.module.css";
import { LanguageChoice } from "@/app/language-choice";
import { CURRENCIES, zoneOptions } from "@/lib/regions";
import { t } from "@/lib/words";
import { BrandMark } from "@/ui/brand-mark";
import { useTabTitle } from "@/ui/page-title";
import { usePreferences } from "@/ui/preferences";
import { problemText } from "@/ui/states";

type Answers = {
  company: string;
  line_of_work: string;
  zone: string;
  currency: string;
  name: string;
  email: string;
  password: string;
};
const LINES = ["shop", "trade", "services"] as const;

function required(key: string) {
  return [{ required: true, message: t(key) }];
}

export function FirstRunPage({ start }: { start: Start }) {
  const client = useQueryClient();
  const { language } = usePreferences();
  useTabTitle(t("ui.first_run.title"));
  const [form] = Form.useForm<Answers>();
  const [door, setDoor] = useState<"own" | "sample">("own");
  const begin = useMutation({
    mutationFn: (answers: Answers) => api.post("/api/first-run", { ...answers, language, start: door }),
    onSuccess: async () => {
      await client.fetchQuery({ ...meQuery, staleTime: 0 });
      await client.fetchQuery({ ...startQuery, staleTime: 0 });
    },
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      form.setFields(
        Object.entries(error.fields).map(([name, problem]) => ({
          name: name as keyof Answers,
          errors: [problem.message],
        })),
      );
    },
  });
  const submit = (which: "own" | "sample") => {
    setDoor(which);
    form.submit();
  };
  return (
    <main className={css.door}>
      <div className={css.wide}>
        <BrandMark />
        <h1 className={css.headline}>{t("ui.first_run.title")}</h1>
        <p className={css.lead}>{t("ui.first_run.lead")}</p>
        <Form<Answers>
          form={form}
          layout="vertical"
          requiredMark={false}
          scrollToFirstError={{ focus: true, block: "center" }}
          initialValues={{ line_of_work: "shop", zone: start.guess.zone, currency: start.guess.currency }}
          onFinish={(answers) => begin.mutate(answers)}
        >
          <Form.Item
            name="company"
            label={t("ui.first_run.company")}
            rules={required("ui.first_run.company_missing")}
          >
            <Input size="large" autoComplete="organization" autoFocus />
          </Form.Item>
          <fieldset className={css.group}>
            <legend>{t("ui.first_run.line")}</legend>
            <Form.Item name="line_of_work" noStyle>
              <LineOfWork />
            </Form.Item>
          </fieldset>
          <div className={css.pair}>
            <Form.Item name="currency" label={t("ui.first_run.currency")}>
              <Select showSearch options={CURRENCIES.map((value) => ({ value, label: value }))} />
            </Form.Item>
            <Form.Item name="zone" label={t("ui.first_run.zone")}>
              <Select showSearch={{ optionFilterProp: "label" }} options={zoneOptions()} />
            </Form.Item>
          </div>
          <fieldset className={css.group}>
            <legend>{t("ui.first_run.you")}</legend>
            <Form.Item
              name="name"
              label={t("ui.first_run.name")}
              rules={required("ui.first_run.name_missing")}
            >
              <Input autoComplete="name" />
            </Form.Item>
            <div className={css.pair}>
              <Form.Item
                name="email"
                label={t("ui.sign_in.email")}
                rules={required("ui.sign_in.email_missing")}
              >
                <Input type="email" autoComplete="username" />
              </Form.Item>
              <Form.Item
                name="password"
                label={t("ui.first_run.password")}
                rules={required("ui.sign_in.password_missing")}
                extra={t("ui.form.least_characters", { n: start.shortest_password })}
              >
                <Input.Password autoComplete="new-password" />
              </Form.Item>
            </div>
          </fieldset>
          <div className={css.refusal} role="alert">
            {begin.error && problemText(begin.error)}
          </div>
          <div className={css.doors}>
            <Button
              type="primary"
              size="large"
              loading={begin.isPending && door === "own"}
              onClick={() => submit("own")}
            >
              {t("ui.first_run.own")}
            </Button>
            <Button
              size="large"
              loading={begin.isPending && door === "sample"}
              onClick={() => submit("sample")}
            >
              {t("ui.first_run.sample")}
            </Button>
          </div>
          <p className={css.note}>{t("ui.first_run.sample_note")}</p>
          <input type="submit" hidden />
        </Form>
      </div>
      <LanguageChoice />
    </main>
  );
}

function LineOfWork({ value, onChange }: { value?: string; onChange?: (value: string) => void }) {
  return (
    <div className={css.choices}>
      {LINES.map((line) => (
        <label key={line} className={css.choice}>
          <input
            type="radio"
            name="line_of_work"
            value={line}
            checked={value === line}
            onChange={() => onChange?.(line)}
          />
          <b>{t(`ui.first_run.line_${line}`)}</b>
          <span>{t(`ui.first_run.line_${line}_note`)}</span>
        </label>
      ))}
    </div>
  );
}
