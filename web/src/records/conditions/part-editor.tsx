import { Button, Input } from "antd";
import { Search } from "lucide-react";
import { useState } from "react";
import type { Condition, RecordMeta } from "@/api/types";
import { t } from "@/lib/words";
import { ConditionEditor } from "@/records/conditions/condition-editor";
import { FieldEditor, Personal } from "@/records/conditions/field-editor";
import css from "@/records/conditions/part-editor.module.css";
import { filterable, firstOperator, isComplete, isField, reshape } from "@/records/conditions/shape";

type Props = {
  meta: RecordMeta;
  value: Condition | null;
  change: (value: Condition) => void;
  done: () => void;
};

/** First which field, then what about it; whatever is more than one field opens as a whole condition. */
export function PartEditor({ meta, value, change, done }: Props) {
  const [words, setWords] = useState("");
  if (!value) {
    const fields = Object.entries(meta.fields).filter(
      ([, field]) => filterable(field) && field.label.toLowerCase().includes(words.trim().toLowerCase()),
    );
    const choose = (name: string) => {
      const field = meta.fields[name];
      if (!field) return;
      const op = firstOperator(field);
      change({ field: name, op, value: reshape(op, undefined) });
    };
    return (
      <div className={css.choose}>
        <Input
          autoFocus
          prefix={<Search size={14} aria-hidden />}
          placeholder={t("ui.condition.find_field")}
          aria-label={t("ui.condition.find_field")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onPressEnter={(event) => {
            // The box that comes next has the keyboard before the key is up: it would take this one for its own.
            event.preventDefault();
            if (fields[0]) choose(fields[0][0]);
          }}
        />
        <ul className={css.fields}>
          {fields.map(([name, field]) => (
            <li key={name}>
              <button type="button" onClick={() => choose(name)}>
                {field.label}
              </button>
            </li>
          ))}
          {Object.keys(meta.children).length > 0 && !words && (
            <li className={css.more}>
              <button type="button" onClick={() => change({ and: [] })}>
                {t("ui.condition.compose")}
              </button>
            </li>
          )}
        </ul>
      </div>
    );
  }
  return (
    <form
      className={isField(value) ? css.one : css.whole}
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <Personal.Provider value={true}>
        {isField(value) ? (
          <FieldEditor meta={meta} value={value} change={change} stacked />
        ) : (
          <ConditionEditor meta={meta} value={value} change={change} />
        )}
      </Personal.Provider>
      <Button type="primary" htmlType="submit" disabled={!isComplete(value)}>
        {t("ui.condition.apply")}
      </Button>
    </form>
  );
}
