import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { Pencil } from "lucide-react";
import { type KeyboardEvent, lazy, Suspense, useEffect, useRef, useState } from "react";
import { api, Problem } from "@/api/client";
import type { FieldMeta, RecordMeta, Row } from "@/api/types";
import { useKept } from "@/lib/kept";
import { t } from "@/lib/words";
import { rowQuery, settleRow } from "@/records/data";
import css from "@/records/record/facts.module.css";
import { MaskedFact } from "@/records/record/masked-fact";
import { SensitiveFact } from "@/records/record/sensitive-fact";
import { useSlots } from "@/records/slots";
import { sent } from "@/records/values/reference-input";
import { isEmpty, plain, Value } from "@/records/values/value";
import { problemText } from "@/ui/states";

const ValueInput = lazy(() => import("@/records/values/input").then((m) => ({ default: m.ValueInput })));

type FactProps = {
  meta: RecordMeta;
  row: Row;
  name: string;
  field: FieldMeta;
  editing: boolean;
  edit: (name: string | null) => void;
};

/** Two people wrote the same record: what is there now, what I wrote, and the choice between them. */
function Clash({
  field,
  theirs,
  mine,
  keepMine,
  takeTheirs,
}: {
  field: FieldMeta;
  theirs: unknown;
  mine: unknown;
  keepMine: () => void;
  takeTheirs: () => void;
}) {
  return (
    <div className={css.clash} role="alert">
      <p>{t("ui.clash.text", { theirs: plain(field, theirs) || "–", mine: plain(field, mine) || "–" })}</p>
      <Button size="small" type="primary" onClick={keepMine}>
        {t("ui.clash.mine")}
      </Button>
      <Button size="small" onClick={takeTheirs}>
        {t("ui.clash.theirs")}
      </Button>
    </div>
  );
}

function FactEditor({ meta, row, name, field, edit }: Omit<FactProps, "editing">) {
  const client = useQueryClient();
  const [value, setValue] = useState<unknown>(row[name]);
  const [clash, setClash] = useState<Row | null>(null);
  const save = useMutation({
    mutationFn: (version: number | undefined) =>
      api.patch<Row>(`/api/${meta.plural}/${row.id}`, { [name]: sent(value) ?? null }, version),
    onSuccess: (fresh) => {
      settleRow(client, meta.plural, fresh);
      edit(null);
    },
    onError: async (error) => {
      if (error instanceof Problem && error.status === 412) {
        setClash(await client.fetchQuery({ ...rowQuery(meta.plural, row.id), staleTime: 0 }));
      }
    },
  });
  const submit = () =>
    JSON.stringify(sent(value)) === JSON.stringify(sent(row[name])) ? edit(null) : save.mutate(row.version);
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") edit(null);
    else if (event.key === "Enter" && (field.kind !== "long_text" || event.metaKey || event.ctrlKey)) {
      if (document.querySelector(".ant-select-open")) return;
      submit();
    } else return;
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears Enter and Escape of the input inside
    <div className={css.editor} onKeyDown={onKey}>
      <Suspense fallback={<div className={css.waiting} />}>
        <ValueInput field={field} value={value} onChange={setValue} autoFocus label={field.label} />
      </Suspense>
      <div className={css.buttons}>
        <Button size="small" type="primary" loading={save.isPending} onClick={submit}>
          {t("ui.do.save")}
        </Button>
        <Button size="small" onClick={() => edit(null)}>
          {t("ui.do.cancel")}
        </Button>
      </div>
      {save.error && !clash && (
        <p className={css.refusal} role="alert">
          {(save.error instanceof Problem && save.error.fields[name]?.message) || problemText(save.error)}
        </p>
      )}
      {clash && (
        <Clash
          field={field}
          theirs={clash[name]}
          mine={value}
          keepMine={() => save.mutate(clash.version)}
          takeTheirs={() => edit(null)}
        />
      )}
    </div>
  );
}

function Fact({ meta, row, name, field, editing, edit }: FactProps) {
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  const leads = !isEmpty(row[name]) && ["reference", "email", "phone"].includes(field.kind);
  useEffect(() => {
    // The keyboard stays where it was when an edit ends.
    if (was.current && !editing) button.current?.focus();
    was.current = editing;
  }, [editing]);
  return (
    <div className={css.fact} data-editing={editing}>
      <dt title={field.help ?? undefined}>{field.label}</dt>
      <dd>
        {editing ? (
          <FactEditor {...{ meta, row, name, field, edit }} />
        ) : field.writable ? (
          <>
            {leads && (
              <span className={css.link}>
                <Value field={field} value={row[name]} link />
              </span>
            )}
            <button
              ref={button}
              type="button"
              className={css.value}
              onClick={() => edit(name)}
              aria-label={t("ui.record.edit_field", { field: field.label, value: plain(field, row[name]) })}
            >
              {leads ? <Pencil size={14} aria-hidden /> : <Value field={field} value={row[name]} />}
            </button>
          </>
        ) : (
          <span className={css.fixed}>
            <Value field={field} value={row[name]} link />
          </span>
        )}
      </dd>
    </div>
  );
}

const QUIET = new Set(["id", "version", "origin", "created_at", "updated_at", "archived_at"]);

/** What is known of a record; a click on a value changes it in place. */
export function Facts({
  meta,
  row,
  editing,
  edit,
}: {
  meta: RecordMeta;
  row: Row;
  editing: string | null;
  edit: (name: string | null) => void;
}) {
  const [all, setAll] = useKept(`facts.${meta.plural}`, false);
  const mayEdit = row.can?.includes(`${meta.name}.change`) ?? false;
  // What stands above as the heading is a fact only where it can be changed or looked behind.
  const title = meta.fields[meta.title];
  const heading = title?.masked || (mayEdit && title?.writable) ? [meta.title] : [];
  const others = Object.keys(meta.fields).filter(
    (name) => name !== meta.title && !["json", "id"].includes(meta.fields[name]?.kind ?? ""),
  );
  const names = [...heading, ...others];
  const usual = new Set(meta.columns);
  const hidden = new Set(useSlots(meta.plural).quiet);
  const main = names.filter(
    (name) =>
      !QUIET.has(name) &&
      !hidden.has(name) &&
      (name === editing ||
        meta.fields[name]?.masked ||
        !isEmpty(row[name]) ||
        (usual.has(name) && meta.fields[name]?.writable)),
  );
  const quiet = names.filter(
    (name) => !main.includes(name) && (meta.fields[name]?.writable || !isEmpty(row[name])),
  );
  const line = (name: string) => {
    const field = meta.fields[name];
    if (field?.kind === "sensitive" && !field.masked) {
      const shown = mayEdit ? field : { ...field, writable: false };
      return (
        <SensitiveFact key={name} {...{ meta, row, name, edit }} field={shown} editing={editing === name} />
      );
    }
    if (field?.masked) return <MaskedFact key={name} {...{ meta, row, name, field }} />;
    return (
      field && (
        <Fact
          key={name}
          {...{ meta, row, name, edit }}
          field={mayEdit ? field : { ...field, writable: false }}
          editing={editing === name}
        />
      )
    );
  };
  return (
    <section aria-label={t("ui.record.facts")} className={css.facts}>
      <dl>{main.map(line)}</dl>
      {quiet.length > 0 && (
        <>
          <button type="button" className={css.more} aria-expanded={all} onClick={() => setAll(!all)}>
            {t(all ? "ui.record.fewer_facts" : "ui.record.more_facts")}
          </button>
          {all && <dl>{quiet.map(line)}</dl>}
        </>
      )}
    </section>
  );
}
