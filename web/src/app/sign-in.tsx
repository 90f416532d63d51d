import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { api } from "@/api/client";
import { meQuery } from "@/api/session";
import type { Start } from "@/api/types";
import css from "@/app/door.module.css";
import { LanguageChoice } from "@/app/language-choice";
import { t } from "@/lib/words";
import { BrandMark } from "@/ui/brand-mark";
import { useTabTitle } from "@/ui/page-title";
import { problemText } from "@/ui/states";

type Credentials = { email: string; password: string };

/** What anybody may know; all else belongs to whoever was signed in before. */
const ANYBODY = new Set<unknown>(["me", "start", "words", "locale"]);

/** The door; behind it one stands where one was, also after a session has ended. */
export function SignInPage({ start, ended }: { start: Start | undefined; ended: boolean }) {
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: (credentials: Credentials) => api.post("/api/sign-in", credentials),
    onSuccess: () => {
      client.removeQueries({ predicate: ({ queryKey }) => !ANYBODY.has(queryKey[0]) });
      return client.fetchQuery({ ...meQuery, staleTime: 0 });
    },
  });
  useTabTitle(t("ui.sign_in.do"));
  return (
    <main className={css.door}>
      <div className={css.column}>
        <BrandMark />
        <h1 className={css.headline}>{start?.company?.name || t("ui.sign_in.title")}</h1>
        {ended && (
          <p className={css.lead} role="status">
            {t("ui.sign_in.ended")}
          </p>
        )}
        <Form<Credentials>
          layout="vertical"
          requiredMark={false}
          onFinish={(values) => signIn.mutate(values)}
        >
          <Form.Item
            name="email"
            label={t("ui.sign_in.email")}
            rules={[{ required: true, message: t("ui.sign_in.email_missing") }]}
          >
            <Input size="large" type="email" autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item
            name="password"
            label={t("ui.sign_in.password")}
            rules={[{ required: true, message: t("ui.sign_in.password_missing") }]}
          >
            <Input.Password size="large" autoComplete="current-password" />
          </Form.Item>
          <div className={css.refusal} role="alert">
            {signIn.error && problemText(signIn.error)}
          </div>
          <Button type="primary" size="large" htmlType="submit" block loading={signIn.isPending}>
            {t("ui.sign_in.do")}
          </Button>
        </Form>
      </div>
      <LanguageChoice />
    </main>
  );
}
