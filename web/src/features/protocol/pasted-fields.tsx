import { Button, InputNumber, Select } from "antd";
import type { ReactNode } from "react";
import { useMeta } from "@/api/session";
import { choicesOf, countingsOf } from "@/features/protocol/countings";
import css from "@/features/protocol/paste-text.module.css";
import { type Binding, rebound } from "@/features/protocol/pasted";
import { counted, kept, unitText } from "@/lib/units";
import { t } from "@/lib/words";

type Props = { binding: Binding | null; set: (binding: Binding) => void; done: () => void };

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={css.field}>
      <span aria-hidden>{label}</span>
      {children}
    </div>
  );
}

/** What a number is bound to: the standard, the number in its unit, how it is judged and which share is promised. */
export function PastedFields({ binding, set, done }: Props) {
  const meta = useMeta();
  const fields = meta.records.clauses?.fields;
  const label = (name: string) => fields?.[name]?.label ?? name;
  const standards = Object.entries(meta.settings ?? {})
    .filter(([, one]) => one.unit)
    .map(([value, one]) => ({ value, label: one.label }));
  if (binding && !standards.some(({ value }) => value === binding.standard))
    standards.push({ value: binding.standard, label: t("ui.protocol.state_not_measured") });
  const measured = binding?.measure ? binding : null;
  const share = binding?.target_share ?? null;
  return (
    <div className={css.fields}>
      <Field label={label("standard")}>
        <Select
          autoFocus
          aria-label={label("standard")}
          showSearch={{ optionFilterProp: "label" }}
          value={binding?.standard ?? null}
          options={standards}
          onChange={(standard: string) => set(rebound(standard, binding, meta))}
        />
      </Field>
      <Field label={label("value")}>
        <InputNumber
          min={0}
          aria-label={label("value")}
          className={css.full}
          disabled={!binding}
          value={
            binding?.value == null ? null : counted(Number(binding.value), binding.unit, binding.counted_in)
          }
          {...(binding?.unit && { suffix: unitText(binding.unit, binding.counted_in) })}
          onChange={(shown) =>
            binding &&
            set({ ...binding, value: shown === null ? null : kept(shown, binding.unit, binding.counted_in) })
          }
        />
      </Field>
      {binding && countingsOf(meta, binding.standard).length > 1 && (
        <Field label={label("counted_in")}>
          <Select
            aria-label={label("counted_in")}
            value={binding.counted_in}
            options={choicesOf(meta, countingsOf(meta, binding.standard))}
            onChange={(counted_in: Binding["counted_in"]) => set({ ...binding, counted_in })}
          />
        </Field>
      )}
      {measured && (
        <Field label={label("figure_kind")}>
          <Select
            aria-label={label("figure_kind")}
            value={measured.figure_kind}
            options={fields?.figure_kind?.choices ?? []}
            onChange={(kind: Binding["figure_kind"]) =>
              set({
                ...measured,
                figure_kind: kind,
                target_share: kind === "mean" ? null : measured.target_share,
              })
            }
          />
        </Field>
      )}
      {measured?.figure_kind === "share" && (
        <Field label={label("target_share")}>
          <InputNumber
            min={0}
            max={100}
            aria-label={label("target_share")}
            className={css.full}
            suffix="%"
            value={share === null ? null : Math.round(Number(share) * 10_000) / 100}
            onChange={(value) => set({ ...measured, target_share: value === null ? null : value / 100 })}
          />
        </Field>
      )}
      <Button onClick={done}>{t("ui.protocol.paste_done")}</Button>
    </div>
  );
}
