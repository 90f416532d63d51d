import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import css from "@/features/protocol/paste-text.module.css";
import {
  apart,
  bySection,
  filed,
  isOpen,
  type Pasted,
  pasted,
  type Reading,
} from "@/features/protocol/pasted";
import { PastedClause } from "@/features/protocol/pasted-clause";
import { t } from "@/lib/words";
import { useFocusBack } from "@/ui/focus-back";
import { Refusal } from "@/ui/states";
import { TextArea } from "@/ui/text-area";

type Props = { protocol?: Row; close: () => void; drafted: (number: string | null) => void };
const LANGUAGES = [
  { value: "en", label: "English" },
  { value: "zh-Hans", label: "简体中文" },
  { value: "zh-Hant", label: "繁體中文" },
];

/** A protocol as a company already has it: pasted, seen as the clauses it would become, then made a draft. */
export function PasteText({ protocol, close, drafted }: Props) {
  useFocusBack();
  const [text, setText] = useState("");
  const [reading, setReading] = useState<Reading | null>(null);
  const read = useMutation({
    mutationFn: () => api.post<Reading>("/api/protocols/read_text", { text }),
    onSuccess: setReading,
  });
  return (
    <Modal
      open
      width={reading ? 960 : 720}
      title={t("ui.protocol.paste")}
      footer={null}
      onCancel={close}
      mask={{ closable: false }}
      keyboard={!text.trim()}
      destroyOnHidden
    >
      {reading ? (
        <Clauses
          reading={reading}
          {...(protocol && { protocol })}
          back={() => setReading(null)}
          close={close}
          drafted={drafted}
        />
      ) : (
        <>
          <p className={css.lead}>{t("ui.protocol.paste_help")}</p>
          <div className={css.text}>
            <TextArea
              autoFocus
              least={14}
              aria-label={t("ui.protocol.paste_text")}
              placeholder={t("ui.protocol.paste_example")}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
          <Refusal error={read.error} />
          <div className={css.actions}>
            <Button onClick={close}>{t("ui.do.cancel")}</Button>
            <Button
              type="primary"
              disabled={!text.trim()}
              loading={read.isPending}
              onClick={() => read.mutate()}
            >
              {t("ui.protocol.paste_read")}
            </Button>
          </div>
        </>
      )}
    </Modal>
  );
}

function Clauses({
  reading,
  protocol,
  back,
  close,
  drafted,
}: Props & { reading: Reading; back: () => void }) {
  const meta = useMeta();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [clauses, setClauses] = useState(() => pasted(reading));
  const [language, setLanguage] = useState(reading.language);
  const [anew, setAnew] = useState(!protocol);
  const [name, setName] = useState(reading.title);
  const order = (meta.records.clauses?.fields.section?.choices ?? []).map(({ value }) => value);
  const kept = clauses.filter(({ out }) => !out);
  const set = (id: number, changed: Partial<Pasted>) =>
    setClauses((old) => old.map((one) => (one.id === id ? { ...one, ...changed } : one)));
  const draft = useMutation({
    mutationFn: () => {
      const sections = bySection(kept, order).flatMap((one) => one.clauses);
      const body = { clauses: sections.map((one) => filed(one, language)) };
      return anew
        ? api.post<Row>("/api/protocols/load", { ...body, name })
        : api.post<Row>(`/api/protocols/${protocol?.id}/draft_text`, body);
    },
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ["measures"] });
      void client.invalidateQueries({ queryKey: ["records", "protocols"] });
      close();
      if (anew) void navigate(`/protocol/${made.id}`);
      else drafted(String(made.number));
    },
  });
  return (
    <>
      <div className={css.summary}>
        <strong>{t("ui.protocol.paste_found", { n: kept.length })}</strong>
        <span>{t("ui.protocol.paste_bound", { n: kept.filter(({ binding }) => binding).length })}</span>
        <span>{t("ui.protocol.paste_open", { n: clauses.filter(isOpen).length })}</span>
        <Select
          size="small"
          className={css.language}
          aria-label={t("ui.protocol.paste_language")}
          popupMatchSelectWidth={false}
          options={LANGUAGES}
          value={language}
          onChange={setLanguage}
        />
      </div>
      <div className={css.clauses} lang={language}>
        {bySection(clauses, order).map(({ section, clauses: rows }, chapter) => (
          <section key={section} aria-labelledby={`pasted-${section}`}>
            <h3 id={`pasted-${section}`} className={css.section}>
              {t(`protocols.clause.section.${section}`)}
            </h3>
            <ul>
              {rows.map((one) => (
                <PastedClause
                  key={one.id}
                  clause={one}
                  number={`${chapter + 1}.${rows.slice(0, rows.indexOf(one) + 1).filter((other) => !other.out).length}`}
                  set={(changed) => set(one.id, changed)}
                  split={(offer) => setClauses((old) => apart(old, one.id, offer))}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
      <div className={css.becomes}>
        {protocol && (
          <Select
            aria-label={t("ui.protocol.paste_becomes")}
            popupMatchSelectWidth={false}
            value={anew ? "new" : "version"}
            options={[
              { value: "version", label: t("ui.protocol.paste_version", { name: String(protocol.name) }) },
              { value: "new", label: t("ui.protocol.paste_new") },
            ]}
            onChange={(value) => setAnew(value === "new")}
          />
        )}
        {anew && (
          <Input
            className={css.name}
            maxLength={200}
            aria-label={meta.records.protocols?.fields.name?.label ?? ""}
            placeholder={meta.records.protocols?.fields.name?.label ?? ""}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </div>
      <Refusal error={draft.error} />
      <div className={css.actions}>
        <Button onClick={back}>{t("ui.protocol.paste_again")}</Button>
        <Button
          type="primary"
          disabled={kept.length === 0 || (anew && !name.trim())}
          loading={draft.isPending}
          onClick={() => draft.mutate()}
        >
          {t("ui.protocol.paste_draft")}
        </Button>
      </div>
    </>
  );
}
