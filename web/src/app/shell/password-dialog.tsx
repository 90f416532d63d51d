import { useMutation } from "@tanstack/react-query";
import { Form, Input, Modal } from "antd";
import { api, Problem } from "@/api/client";
import { t } from "@/lib/words";
import { useFocusBack } from "@/ui/focus-back";
import { Refusal } from "@/ui/states";
import { say } from "@/ui/toast";

type Given = { old_password: string; password: string };

/** One's own new password, by the old one. */
export function PasswordDialog({ close }: { close: () => void }) {
  useFocusBack();
  const [form] = Form.useForm<Given>();
  const change = useMutation({
    mutationFn: (given: Given) => api.post("/api/me/password", given),
    onSuccess: () => {
      say(t("ui.me.password_done"));
      close();
    },
  });
  const wrong = change.error instanceof Problem ? change.error.fields : {};
  const item = (name: keyof Given, label: string, kind: string, focus: boolean) => (
    <Form.Item
      name={name}
      label={t(label)}
      rules={[{ required: true, message: t("ui.form.missing", { field: t(label) }) }]}
      {...(wrong[name] && { validateStatus: "error" as const, help: wrong[name].message })}
    >
      <Input.Password autoComplete={kind} autoFocus={focus} />
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
        {item("old_password", "ui.me.password_old", "current-password", true)}
        {item("password", "ui.me.password_new", "new-password", false)}
        {Object.keys(wrong).length === 0 && <Refusal error={change.error} />}
      </Form>
    </Modal>
  );
}
