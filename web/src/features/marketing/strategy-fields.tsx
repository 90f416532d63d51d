import { Checkbox, Form, Input, Segmented, Select } from "antd";
import { useState } from "react";
import { useMeta } from "@/api/session";
import type { Condition } from "@/api/types";
import { ASKED_FOR, CHANNELS, type Strategy } from "@/features/marketing/data";
import { RhythmFields } from "@/features/marketing/rhythm-fields";
import css from "@/features/marketing/strategy-page.module.css";
import { t } from "@/lib/words";
import { ConditionEditor } from "@/records/conditions/condition-editor";
import { useRows } from "@/records/data";
import { ReferenceInput, sent } from "@/records/values/reference-input";
import { TextArea } from "@/ui/text-area";

export type Wishes = {
  name: string;
  segment: unknown;
  condition: Condition | null;
  purpose: string;
  channels: string[];
  template: string | null;
  every_days: number | null;
  most_rounds: number | null;
  stops: string[];
  most_contacts: number | null;
  call_them: boolean;
  script: string;
  hold_out: number;
};

export function fromStrategy(strategy: Strategy): Partial<Wishes> {
  const { segment, condition, purpose, channels, every_days, call_them, script } = strategy;
  const { most_rounds, stops, most_contacts } = strategy;
  return {
    segment,
    condition,
    purpose,
    channels,
    every_days,
    most_rounds,
    stops,
    most_contacts,
    call_them,
    script,
    template: strategy.template?.id ?? null,
    hold_out: Math.round(strategy.hold_out * 100),
  };
}

/** A form as the operation takes it: one audience, shares between nought and one. */
export function toInput({ name: _name, ...wishes }: Wishes): Record<string, unknown> {
  const segment = sent(wishes.segment) ?? null;
  return {
    ...wishes,
    segment,
    condition: segment ? null : (wishes.condition ?? null),
    template: wishes.template ?? null,
    every_days: wishes.every_days ?? null,
    most_rounds: wishes.every_days ? (wishes.most_rounds ?? null) : null,
    stops: wishes.stops ?? [],
    most_contacts: wishes.most_contacts ?? null,
    script: wishes.script ?? "",
    hold_out: (wishes.hold_out ?? 0) / 100,
  };
}

function ConditionField({
  value,
  onChange,
}: {
  value?: Condition | null;
  onChange?: (value: Condition) => void;
}) {
  const customers = useMeta().records.customers;
  return customers ? (
    <ConditionEditor meta={customers} value={value ?? { and: [] }} change={(next) => onChange?.(next)} />
  ) : null;
}

const ALL_TEMPLATES = { sort: "name" };

/** Whom, what for, by which ways, with which words; how often, unless events say when. */
export function StrategyFields({ named = false, once = true }: { named?: boolean; once?: boolean }) {
  const fields = useMeta().records.strategies?.fields ?? {};
  const form = Form.useFormInstance<Wishes>();
  const purpose = Form.useWatch("purpose", form);
  const channels = Form.useWatch("channels", form) ?? [];
  const callThem = Form.useWatch("call_them", form);
  const [by, setBy] = useState<"segment" | "condition">(() =>
    form.getFieldValue("condition") ? "condition" : "segment",
  );
  const templates = useRows("templates", ALL_TEMPLATES);
  const letters = (templates.data?.pages.flatMap((page) => page.rows) ?? []).filter(
    (row) => row.purpose === purpose,
  );
  const label = (name: string) => fields[name]?.label ?? name;
  const channelLabel = (value: string) => t(`channels.conversation.channel.${value}`);
  return (
    <>
      {named && (
        <Form.Item
          name="name"
          label={label("name")}
          rules={[{ required: true, message: t("ui.form.missing", { field: label("name") }) }]}
        >
          <Input autoFocus />
        </Form.Item>
      )}
      <Form.Item label={t("ui.strategy.whom")}>
        <Segmented<"segment" | "condition">
          aria-label={t("ui.strategy.whom")}
          options={[
            { value: "segment", label: label("segment") },
            { value: "condition", label: label("condition") },
          ]}
          value={by}
          onChange={(next) => {
            setBy(next);
            form.setFieldsValue(next === "segment" ? { condition: null } : { segment: null });
          }}
        />
      </Form.Item>
      {by === "segment" ? (
        <Form.Item
          name="segment"
          label={label("segment")}
          rules={[{ required: true, message: t("ui.form.missing", { field: label("segment") }) }]}
        >
          <ReferenceInput to="segments" value={null} />
        </Form.Item>
      ) : (
        <Form.Item name="condition">
          <ConditionField />
        </Form.Item>
      )}
      <div className={css.pair}>
        <Form.Item name="purpose" label={label("purpose")}>
          <Select
            options={fields.purpose?.choices?.filter(({ value }) => !ASKED_FOR.includes(value))}
            onChange={() => form.setFieldsValue({ template: null })}
          />
        </Form.Item>
        <Form.Item name="channels" label={label("channels")} extra={t("ui.strategy.ways_help")}>
          <Select
            mode="multiple"
            options={CHANNELS.map((value) => ({ value, label: channelLabel(value) }))}
          />
        </Form.Item>
      </div>
      {channels.includes("email") && (
        <Form.Item
          name="template"
          label={label("template")}
          rules={[{ required: true, message: t("ui.form.missing", { field: label("template") }) }]}
        >
          <Select
            options={letters.map((row) => ({ value: row.id, label: String(row.name) }))}
            notFoundContent={t("ui.strategy.no_letter")}
          />
        </Form.Item>
      )}
      <Form.Item name="call_them" valuePropName="checked">
        <Checkbox>{label("call_them")}</Checkbox>
      </Form.Item>
      {(callThem || channels.some((channel) => channel !== "email")) && (
        <Form.Item name="script" label={label("script")}>
          <TextArea least={2} />
        </Form.Item>
      )}
      <RhythmFields once={once} />
    </>
  );
}
