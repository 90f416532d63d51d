import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { api } from "@/api/client";
import type { Start } from "@/api/types";
import css from "@/app/door.module.css";
import { LanguageChoice } from "@/app/language-choice";
import { t } from "@/lib/words";
import { BrandMark } from "@/ui/brand-mark";
import { useTabTitle } from "@/ui/page-title";
import { problemText, Skeleton } from "@/ui/states";

type Invited = { name: string; email: string; new: boolean };

/** Leaves nothing of the link in the address, and begins anew as whoever is signed in now. */
const goIn = () => window.location.replace("/");

function Choose({ token, invited, least }: { token: string; invited: Invited; least: number | undefined }) {
  const enter = useMutation({
    mutationFn: ({ password }: { password: string }) => api.post("/api/welcome", { token, password }),
    onSuccess: goIn,
  });
  return (
    <>
      <h1 className={css.headline}>
        {t(invited.new ? "ui.welcome.title" : "ui.welcome.again", { name: invited.name })}
      </h1>
      <p className={css.lead}>{t("ui.welcome.lead", { email: invited.email })}</p>
      <Form<{ password: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={(given) => enter.mutate(given)}
      >
        <input type="email" autoComplete="username" value={invited.email} readOnly hidden />
        <Form.Item
          name="password"
          label={t("ui.first_run.password")}
          rules={[{ required: true, message: t("ui.sign_in.password_missing") }]}
          extra={least && t("ui.form.least_characters", { n: least })}
        >
          <Input.Password size="large" autoComplete="new-password" autoFocus />
        </Form.Item>
        <div className={css.refusal} role="alert">
          {enter.error && problemText(enter.error)}
        </div>
        <Button type="primary" size="large" htmlType="submit" block loading={enter.isPending}>
          {t("ui.welcome.do")}
        </Button>
      </Form>
    </>
  );
}

/** The page of a link: whoever it was made for chooses the password they sign in with. */
export function WelcomePage({ token, start }: { token: string; start: Start | undefined }) {
  const link = useQuery({
    queryKey: ["welcome", token],
    queryFn: () => api.post<Invited>("/api/welcome/look", { token }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useTabTitle(start?.company?.name ?? t("ui.sign_in.title"));
  return (
    <main className={css.door}>
      <div className={css.column}>
        <BrandMark />
        {link.isPending && <Skeleton />}
        {link.isSuccess && <Choose token={token} invited={link.data} least={start?.shortest_password} />}
        {link.isError && (
          <>
            <h1 className={css.headline}>{t("ui.welcome.dead")}</h1>
            <p className={css.lead} role="alert">
              {problemText(link.error)}
            </p>
            <Button size="large" block onClick={goIn}>
              {t("ui.welcome.to_sign_in")}
            </Button>
          </>
        )}
      </div>
      <LanguageChoice />
    </main>
  );
}
