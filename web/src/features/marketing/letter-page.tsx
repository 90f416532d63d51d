import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { useRecordMeta } from "@/api/session";
import type { Row } from "@/api/types";
import css from "@/features/marketing/letter.module.css";
import { LetterEditor } from "@/features/marketing/letter-editor";
import { fromRow, type Language, toInput } from "@/features/marketing/letters";
import { currentLanguage, t } from "@/lib/words";
import { settleRow } from "@/records/data";
import { useRecordTitle } from "@/records/record-title";
import { Refusal } from "@/ui/states";

type Head = { name: string; purpose: string };

/** A letter with blanks, written for the first time. */
export function NewLetterPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const fields = useRecordMeta("templates")?.fields;
  const [letters, change] = useState(() => fromRow(undefined));
  const language = currentLanguage() as Language;
  useRecordTitle("templates", t("ui.letter.new"));
  const create = useMutation({
    mutationFn: (head: Head) => api.post<Row>("/api/templates", { ...head, ...toInput(letters) }),
    onSuccess: (row) => {
      settleRow(client, "templates", row);
      navigate(`/templates/${row.id}`, { replace: true });
    },
  });
  return (
    <div className={css.page}>
      <Form<Head>
        layout="vertical"
        requiredMark={false}
        scrollToFirstError={{ focus: true, block: "center" }}
        initialValues={{ purpose: "marketing" }}
        onFinish={(head) => create.mutate(head)}
      >
        <div className={css.head}>
          <Form.Item
            name="name"
            label={fields?.name?.label}
            rules={[
              {
                required: true,
                whitespace: true,
                message: t("ui.form.missing", { field: fields?.name?.label ?? "" }),
              },
            ]}
          >
            <Input autoFocus maxLength={160} />
          </Form.Item>
          <Form.Item name="purpose" label={fields?.purpose?.label}>
            <Select options={fields?.purpose?.choices ?? []} />
          </Form.Item>
        </div>
        <LetterEditor letters={letters} change={change} language={language} />
        <div className={css.acts}>
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t("ui.letter.create")}
          </Button>
        </div>
        <Refusal error={create.error} />
      </Form>
    </div>
  );
}
