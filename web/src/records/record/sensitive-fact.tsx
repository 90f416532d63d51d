import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { Eye, EyeOff } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { api, Problem } from "@/api/client";
import type { FieldMeta, RecordMeta, Row } from "@/api/types";
import { t } from "@/lib/words";
import { settleRow } from "@/records/data";
import css from "@/records/record/facts.module.css";
import { isEmpty, Value } from "@/records/values/value";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

type Props = {
  meta: RecordMeta;
  row: Row;
  name: string;
  field: FieldMeta;
  editing: boolean;
  edit: (name: string | null) => void;
};

/** A value nobody sees in passing: its mask, a look behind it that leaves a trace, and a box that begins empty. */
export function SensitiveFact({ meta, row, name, field, editing, edit }: Props) {
  const client = useQueryClient();
  const [opened, setOpened] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    // The keyboard stays where it was when an edit ends.
    if (was.current && !editing) button.current?.focus();
    was.current = editing;
  }, [editing]);
  const look = useMutation({
    mutationFn: () => api.post<{ value: string }>(`/api/${meta.plural}/${row.id}/reveal`, { field: name }),
    onSuccess: ({ value }) => {
      setOpened(value);
      void client.invalidateQueries({ queryKey: ["story", meta.plural, row.id] });
    },
    onError: (error) => say(problemText(error), { tone: "broken" }),
  });
  const toggle = t(opened === null ? "ui.record.reveal_field" : "ui.record.sensitive.hide", {
    field: field.label,
  });
  const done = () => {
    setOpened(null);
    edit(null);
  };
  return (
    <div className={css.fact} data-editing={editing} data-opened={!editing && opened !== null}>
      <dt title={field.help ?? undefined}>{field.label}</dt>
      <dd aria-live="polite">
        {editing ? (
          <Editor {...{ meta, row, name, field, done }} />
        ) : (
          <>
            {field.writable ? (
              <button
                ref={button}
                type="button"
                className={css.value}
                onClick={() => edit(name)}
                aria-label={t("ui.record.edit_field", {
                  field: field.label,
                  value: opened ?? String(row[name] ?? ""),
                })}
              >
                <Value field={field} value={opened ?? row[name]} />
              </button>
            ) : (
              <span className={css.fixed}>
                <Value field={field} value={opened ?? row[name]} />
              </span>
            )}
            {meta.reveal && !isEmpty(row[name]) && (
              <Button
                size="small"
                type="text"
                className={css.eye ?? ""}
                icon={opened === null ? <Eye size={14} aria-hidden /> : <EyeOff size={14} aria-hidden />}
                loading={look.isPending}
                aria-label={toggle}
                title={toggle}
                onClick={() => (opened === null ? look.mutate() : setOpened(null))}
              />
            )}
          </>
        )}
      </dd>
    </div>
  );
}

function Editor({
  meta,
  row,
  name,
  field,
  done,
}: Pick<Props, "meta" | "row" | "name" | "field"> & { done: () => void }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [asking, setAsking] = useState(false);
  const mask = String(row[name] ?? "");
  const save = useMutation({
    mutationFn: (value: string) =>
      api.patch<Row>(`/api/${meta.plural}/${row.id}`, { [name]: value }, row.version),
    onSuccess: (fresh) => {
      settleRow(client, meta.plural, fresh);
      done();
    },
  });
  const submit = () => (text.trim() ? save.mutate(text) : done());
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") asking ? setAsking(false) : done();
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement) submit();
    else return;
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears Enter and Escape of the input inside
    <div className={css.editor} onKeyDown={onKey}>
      <Input
        autoFocus
        autoComplete="off"
        aria-label={field.label}
        value={text}
        placeholder={mask ? t("ui.record.sensitive.keep", { mask }) : t("ui.record.sensitive.new")}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={css.buttons}>
        <Button size="small" type="primary" loading={save.isPending} onClick={submit}>
          {t("ui.do.save")}
        </Button>
        <Button size="small" onClick={done}>
          {t("ui.do.cancel")}
        </Button>
        {mask && !asking && (
          <Button size="small" type="text" danger disabled={save.isPending} onClick={() => setAsking(true)}>
            {t("ui.record.sensitive.remove")}
          </Button>
        )}
      </div>
      {asking && (
        <div className={css.buttons} role="alertdialog" aria-label={t("ui.record.sensitive.ask", { mask })}>
          <span>{t("ui.record.sensitive.ask", { mask })}</span>
          <Button size="small" autoFocus onClick={() => setAsking(false)}>
            {t("ui.record.sensitive.keep_it")}
          </Button>
          <Button size="small" type="primary" danger loading={save.isPending} onClick={() => save.mutate("")}>
            {t("ui.record.sensitive.remove")}
          </Button>
        </div>
      )}
      {save.error && (
        <p className={css.refusal} role="alert">
          {(save.error instanceof Problem && save.error.fields[name]?.message) || problemText(save.error)}
        </p>
      )}
    </div>
  );
}
