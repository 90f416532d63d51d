import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, InputNumber, Modal, Select } from "antd";
import { useMemo } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Condition, RecordMeta } from "@/api/types";
import css from "@/features/protocol/clause-editor.module.css";
import { choicesOf, countingsOf } from "@/features/protocol/countings";
import type { Clause } from "@/features/protocol/data";
import { type Counting, counted, kept, unitText } from "@/lib/units";
import { inSentence, t } from "@/lib/words";
import { ConditionEditor } from "@/records/conditions/condition-editor";
import { isComplete, parts } from "@/records/conditions/shape";
import { ReferenceInput, sent } from "@/records/values/reference-input";
import { Refusal } from "@/ui/states";
import { TextArea } from "@/ui/text-area";

export type Wording = {
  section: string;
  texts: Record<string, string>;
  scope: Condition | null;
  team: unknown;
  measure: string | null;
  standard: string | null;
  value: number | null;
  counted_in: Counting;
  figure_kind: "share" | "mean";
  target: number | null;
};
type Props = {
  clause?: Clause;
  version?: string;
  section: string;
  /** What a new clause begins with. */
  begun?: Partial<Wording>;
  close: () => void;
};
const LANGUAGES = [
  ["en", "English"],
  ["zh-Hans", "简体中文"],
  ["zh-Hant", "繁體中文"],
] as const;

function start(clause: Clause | undefined, section: string, begun: Partial<Wording> = {}): Wording {
  return {
    section,
    scope: clause?.scope ?? null,
    texts: clause?.texts ?? {},
    team: clause?.team ?? null,
    measure: clause?.measure?.name ?? null,
    standard: clause?.standard?.name ?? null,
    value: clause?.standard ? Number(clause.standard.value) : null,
    counted_in: clause?.standard?.counted_in ?? "clock",
    figure_kind: clause?.figure_kind ?? "share",
    target:
      clause?.target_share === null || clause?.target_share === undefined ? null : clause.target_share * 100,
    ...begun,
  };
}

/** What a catalogue has, and what the clause names that no catalogue has yet. */
function withNamed(known: Record<string, { label: string }>, named: string | undefined) {
  const options = Object.entries(known).map(([value, { label }]) => ({ value, label }));
  if (!named || named in known) return options;
  return [...options, { value: named, label: t("ui.protocol.foreseen", { name: named }) }];
}

/** Which cases count, with the builder of lists and segments. */
function Scope({
  noun,
  value,
  onChange,
}: {
  noun: RecordMeta;
  value?: Condition | null;
  onChange?: (value: Condition) => void;
}) {
  return <ConditionEditor meta={noun} value={value ?? { and: [] }} change={(next) => onChange?.(next)} />;
}

/** The words of a clause in three languages, what measures it, and what share is promised. */
export function ClauseEditor({ clause, version, section, begun, close }: Props) {
  const meta = useMeta();
  const client = useQueryClient();
  const [form] = Form.useForm<Wording>();
  const kind = Form.useWatch("figure_kind", form);
  const over = meta.measures[Form.useWatch("measure", form) ?? ""]?.over;
  const noun = meta.records[over ?? ""];
  const sections = meta.records.clauses?.fields.section?.choices ?? [];
  const measures = useMemo(() => withNamed(meta.measures, clause?.measure?.name), [meta, clause]);
  const standards = withNamed(
    Object.fromEntries(Object.entries(meta.settings ?? {}).filter(([, one]) => one.unit)),
    clause?.standard?.name,
  );
  const standard = Form.useWatch("standard", form) ?? "";
  const countings = countingsOf(meta, standard);
  const chosen = Form.useWatch("counted_in", form);
  const counting = countings.includes(chosen) ? chosen : "clock";
  const unit =
    meta.settings?.[standard]?.unit ??
    (standard === clause?.standard?.name ? clause.standard.unit : undefined);
  /** Another figure may speak of another noun, and is judged by a standard of its own. */
  const measured = (chosen: string | null) => {
    const next = meta.measures[chosen ?? ""];
    if (next?.over !== over) form.setFieldsValue({ scope: null });
    if (next?.standard && !form.getFieldValue("standard")) form.setFieldsValue({ standard: next.standard });
  };
  const save = useMutation({
    mutationFn: ({
      section: wanted,
      texts,
      scope,
      team,
      measure,
      standard,
      value,
      counted_in,
      figure_kind,
      target,
    }: Wording) => {
      const body = {
        section: wanted,
        text: Object.fromEntries(Object.entries(texts).filter(([, text]) => text?.trim())),
        scope: parts(scope).length ? scope : null,
        team: sent(team) ?? null,
        measure: measure ?? "",
        standard: standard ?? "",
        value: standard ? value : null,
        counted_in: countingsOf(meta, standard ?? "").includes(counted_in) ? counted_in : "clock",
        figure_kind,
        target_share: target === null || figure_kind === "mean" ? null : target / 100,
      };
      return api.post(
        clause ? `/api/clauses/${clause.id}/change` : `/api/versions/${version}/add_clause`,
        body,
      );
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["measures"] });
      close();
    },
  });
  return (
    <Modal
      open
      width={640}
      title={clause ? t("ui.protocol.edit", { number: clause.number }) : t("ui.protocol.add")}
      footer={null}
      onCancel={close}
      mask={{ closable: false }}
      destroyOnHidden
    >
      <Form<Wording>
        form={form}
        layout="vertical"
        requiredMark={false}
        scrollToFirstError={{ focus: true, block: "center" }}
        initialValues={start(clause, section, begun)}
        onFinish={(values) => save.mutate(values)}
      >
        {LANGUAGES.map(([code, name]) => (
          <Form.Item key={code} name={["texts", code]} label={name}>
            <TextArea lang={code} least={2} />
          </Form.Item>
        ))}
        <div className={css.pair}>
          <Form.Item name="section" label={meta.records.clauses?.fields.section?.label}>
            <Select options={sections} />
          </Form.Item>
          <Form.Item name="team" label={meta.records.clauses?.fields.team?.label}>
            <ReferenceInput to="teams" value={null} />
          </Form.Item>
          <Form.Item name="measure" label={meta.records.clauses?.fields.measure?.label}>
            <Select
              allowClear
              showSearch={{ optionFilterProp: "label" }}
              options={measures}
              onChange={measured}
              placeholder={t("ui.protocol.state_not_measured")}
            />
          </Form.Item>
          <Form.Item name="figure_kind" label={meta.records.clauses?.fields.figure_kind?.label}>
            <Select options={meta.records.clauses?.fields.figure_kind?.choices ?? []} />
          </Form.Item>
          <Form.Item name="standard" label={meta.records.clauses?.fields.standard?.label}>
            <Select allowClear showSearch={{ optionFilterProp: "label" }} options={standards} />
          </Form.Item>
          <Form.Item
            name="value"
            label={meta.records.clauses?.fields.value?.label}
            // The form keeps the number in the unit of its standard, and shows the days it is counted in.
            getValueProps={(value: number | null) => ({
              value: value === null ? null : counted(value, unit ?? "", counting),
            })}
            normalize={(shown: number | null) => (shown === null ? null : kept(shown, unit ?? "", counting))}
          >
            <InputNumber min={0} className={css.full} {...(unit && { suffix: unitText(unit, counting) })} />
          </Form.Item>
          {countings.length > 1 && (
            <Form.Item
              name="counted_in"
              label={meta.records.clauses?.fields.counted_in?.label}
              extra={<Link to="/settings/office_hours">{t("ui.settings.office_hours")}</Link>}
            >
              <Select options={choicesOf(meta, countings)} />
            </Form.Item>
          )}
          {kind !== "mean" && (
            <Form.Item name="target" label={meta.records.clauses?.fields.target_share?.label}>
              <InputNumber min={0} max={100} className={css.full} suffix="%" />
            </Form.Item>
          )}
        </div>
        {noun && (
          <Form.Item
            name="scope"
            label={meta.records.clauses?.fields.scope?.label}
            extra={t("ui.protocol.scope_help", { many: inSentence(noun.label.many) })}
            rules={[
              {
                validator: async (_, scope: Condition | null) => {
                  if (scope && !isComplete(scope)) throw new Error(t("ui.protocol.scope_unfinished"));
                },
              },
            ]}
          >
            <Scope noun={noun} />
          </Form.Item>
        )}
        <Refusal error={save.error} />
        <div className={css.actions}>
          <Button onClick={close}>{t("ui.do.cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t("ui.do.save")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
