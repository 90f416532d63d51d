import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal, Segmented, Select } from "antd";
import { useState } from "react";
import { api, Problem } from "@/api/client";
import { useMay, useMeta } from "@/api/session";
import type { Choice, Page, RecordMeta, Row } from "@/api/types";
import css from "@/features/settings/fields.module.css";
import { Sheet } from "@/features/settings/sheet";
import sheet from "@/features/settings/sheet.module.css";
import { inSentence, t } from "@/lib/words";
import { useFocusBack } from "@/ui/focus-back";
import { Empty, ProblemNote, Refusal, Skeleton } from "@/ui/states";
import { TextArea } from "@/ui/text-area";
import { say } from "@/ui/toast";

type OwnField = Row & { label: string; noun: string; kind: string; choices: string[]; name: string };
type Given = { label: string; kind: string; choices?: string };

const PLURAL = "custom_fields";
const MOST = 200;

/** The fields of the company, archived ones too. */
function useFields() {
  return useQuery({
    queryKey: [PLURAL],
    queryFn: async () => {
      const [shown, archived] = await Promise.all(
        [false, true].map((gone) =>
          api.get<Page<OwnField>>(`/api/${PLURAL}?sort=created_at&limit=${MOST}&archived=${gone}`),
        ),
      );
      return { shown: shown?.rows ?? [], archived: archived?.rows ?? [] };
    },
  });
}

/** A change of a field, after which every page knows of it. */
function useChange<T>(change: (given: T) => Promise<unknown>, done?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [PLURAL] });
      await client.invalidateQueries({ queryKey: ["meta"] });
      say(t("ui.settings.saved"));
      done?.();
    },
  });
}

/** One choice in each line. */
const linesOf = (text = "") =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** A new field, or one called something else. */
function FieldDialog({ of, field, close }: { of: RecordMeta; field: OwnField | null; close: () => void }) {
  useFocusBack();
  const meta = useMeta();
  const [form] = Form.useForm<Given>();
  const kind = Form.useWatch("kind", form) ?? field?.kind;
  const kinds: Choice[] = meta.records[PLURAL]?.fields.kind?.choices ?? [];
  const save = useChange(({ label, kind: chosen, choices }: Given) => {
    const several = chosen === "choice" ? { choices: linesOf(choices) } : {};
    return field
      ? api.post(`/api/${PLURAL}/${field.id}/edit`, { label, ...several })
      : api.post(`/api/${PLURAL}`, { noun: of.plural, label, kind: chosen, ...several });
  }, close);
  return (
    <Modal
      open
      title={
        field
          ? t("ui.fields.change", { field: field.label })
          : t("ui.fields.add_to", { many: inSentence(of.label.many) })
      }
      onCancel={close}
      footer={null}
      mask={{ closable: false }}
      width={480}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          label: field?.label,
          kind: field?.kind ?? "text",
          choices: field?.choices.join("\n"),
        }}
        onFinish={(given: Given) => save.mutate(given)}
      >
        <Form.Item
          name="label"
          label={t("workspace.custom_field.label")}
          rules={[{ required: true, whitespace: true, message: t("ui.fields.label_missing") }]}
        >
          <Input maxLength={80} autoFocus />
        </Form.Item>
        <Form.Item
          name="kind"
          label={t("workspace.custom_field.kind")}
          extra={t(kind === "sensitive" ? "ui.fields.sensitive_help" : "ui.fields.kind_help")}
        >
          <Select options={kinds} disabled={field !== null} />
        </Form.Item>
        {kind === "choice" && (
          <Form.Item
            name="choices"
            label={t("ui.fields.choices")}
            rules={[{ required: true, whitespace: true, message: t("ui.fields.choices_missing") }]}
          >
            <TextArea least={3} />
          </Form.Item>
        )}
        <Refusal error={save.error instanceof Problem ? save.error : null} />
        <div className={css.actions}>
          <Button onClick={close}>{t("ui.do.cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t(field ? "ui.do.save" : "workspace.custom_field.add")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}

/** One field: what it is called, of which kind, how scripts know it, and what may be done with it. */
function FieldLine({ field, edit }: { field: OwnField; edit?: () => void }) {
  const meta = useMeta();
  const verb = edit ? "archive" : "restore";
  const act = useChange(() => api.post(`/api/${PLURAL}/${field.id}/${verb}`, {}));
  const may = (name: string) => field.can?.includes(`workspace.custom_field.${name}`);
  const kind = meta.records[PLURAL]?.fields.kind?.choices?.find((one) => one.value === field.kind);
  const named = (name: string) => `${t(`workspace.custom_field.${name}`)}: ${field.label}`;
  return (
    <li className={`${sheet.line} ${css.line}`}>
      <div className={css.what}>
        <strong>{field.label}</strong>
        <span className={css.kind}>
          {kind?.label}
          {field.choices.length > 0 && ` · ${field.choices.join(t("ui.value.comma"))}`}
          <code className={css.name}>{field.name}</code>
        </span>
        {act.error && <Refusal error={act.error} />}
      </div>
      <div className={css.acts}>
        {edit && may("edit") && (
          <Button size="small" type="link" aria-label={named("edit")} onClick={edit}>
            {t("workspace.custom_field.edit")}
          </Button>
        )}
        {may(verb) && (
          <Button
            size="small"
            type="link"
            aria-label={named(verb)}
            loading={act.isPending}
            onClick={() => act.mutate(undefined)}
          >
            {t(`workspace.custom_field.${verb}`)}
          </Button>
        )}
      </div>
    </li>
  );
}

/** The fields that the company added to customers, orders, products and tickets. */
export function FieldsPage() {
  const meta = useMeta();
  const { data, error, refetch } = useFields();
  const may = useMay("workspace.custom_field.add");
  const nouns = Object.values(meta.records).filter((record) => record.extensible);
  const [plural, setPlural] = useState(nouns[0]?.plural ?? "");
  const [open, setOpen] = useState<OwnField | "new" | null>(null);
  const of = meta.records[plural];
  const own = (rows: OwnField[]) => rows.filter((field) => field.noun === of?.name);
  const shown = own(data?.shown ?? []);
  const archived = own(data?.archived ?? []);
  return (
    <Sheet here="/settings/fields" title={t("ui.settings.fields")}>
      <p className={sheet.intro}>{t("ui.fields.intro")}</p>
      <div className={css.head}>
        <Segmented
          aria-label={t("workspace.custom_field.noun")}
          value={plural}
          onChange={setPlural}
          options={nouns.map((record) => ({ value: record.plural, label: record.label.many }))}
        />
        {may && shown.length > 0 && (
          <Button type="primary" onClick={() => setOpen("new")}>
            {t("workspace.custom_field.add")}
          </Button>
        )}
      </div>
      {error ? <ProblemNote error={error} retry={refetch} /> : !data && <Skeleton lines={6} />}
      {data && shown.length === 0 && of && (
        <Empty
          inside
          title={t("ui.fields.empty", { many: inSentence(of.label.many) })}
          text={may ? t("ui.fields.empty_text") : ""}
        >
          {may && (
            <Button type="primary" onClick={() => setOpen("new")}>
              {t("workspace.custom_field.add")}
            </Button>
          )}
        </Empty>
      )}
      {shown.length > 0 && (
        <ul aria-label={t("ui.settings.fields")}>
          {shown.map((field) => (
            <FieldLine key={field.id} field={field} edit={() => setOpen(field)} />
          ))}
        </ul>
      )}
      {archived.length > 0 && (
        <section>
          <h2>{t("ui.fields.archived")}</h2>
          <ul>
            {archived.map((field) => (
              <FieldLine key={field.id} field={field} />
            ))}
          </ul>
        </section>
      )}
      {open && of && <FieldDialog of={of} field={open === "new" ? null : open} close={() => setOpen(null)} />}
    </Sheet>
  );
}
