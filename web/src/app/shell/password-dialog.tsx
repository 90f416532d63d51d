import { useMutation, useQuery } from "@tanstack/react-query";
import { Form, Input, Modal } from "antd";
import { api, Problem } from "@/api/client";
import { startQuery } from "@/api/session";
import { t } from "@/lib/words";
import { useFocusBack } from "@/ui/focus-back";
import { Refusal } from "@/ui/states";
import { say } from "@/ui/toast";

type Given = { old_password: string; password: string };

/** One's own new password, by the old one. */
export function PasswordDialog({ close }: { close: () => void }) {
  useFocusBack();
  const [form] = Form.useForm<Given>();
  const { data: start } = useQuery(startQuery);
  const change = useMutation({
    mutationFn: (given: Given) => api.post("/api/me/password", given),
    onSuccess: () => {
      say(t("ui.me.password_done"));
      close();
    },
  });
  const wrong = change.error instanceof Problem ? change.error.fields : {};
  const item = (name: keyof Given, label: string, kind: string, extra = "") => (
    <Form.Item
      name={name}
      label={t(label)}
      rules={[{ required: true, message: t("ui.form.missing", { field: t(label) }) }]}
      extra={extra}
      {...(wrong[name] && { validateStatus: "error" as const, help: wrong[name].message })}
    >
      <Input.Password autoComplete={kind} autoFocus={name === "old_password"} />
    </Form.Item>
  );
  return (
    <Modal
      open
      title={t("ui.me.password")}
      okText={t("ui.me.password_change")}
      cancelText={t("ui.do.cancel")}
      confirmLoading={change.isPending}
      onOk={form.submit}
      onCancel={close}
      width={400}
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(given) => change.mutate(given)}>
        {item("old_password", "ui.me.password_old", "current-password")}
        {item(
          "password",
          "ui.me.password_new",
          "new-password",
          start && t("ui.form.least_characters", { n: start.shortest_password }),
        )}
        {Object.keys(wrong).length === 0 && <Refusal error={change.error} />}
      </Form>
    </Modal>
  );
}
