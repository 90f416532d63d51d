import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Input, Segmented } from "antd";
import { Braces, Split } from "lucide-react";
import { useRef, useState } from "react";
import { api } from "@/api/client";
import { useMeta, useRecordMeta } from "@/api/session";
import type { Reference } from "@/api/types";
import css from "@/features/marketing/letter-editor.module.css";
import {
  type Blank,
  blank,
  type Insertion,
  inserted,
  isWritten,
  LANGUAGES,
  type Language,
  type Letters,
  onlyIf,
  type Tried,
} from "@/features/marketing/letters";
import { useSettled } from "@/lib/use-later";
import { t } from "@/lib/words";
import { ReferenceInput } from "@/records/values/reference-input";
import { Menu } from "@/ui/menu";
import { Refusal } from "@/ui/states";
import { TextArea } from "@/ui/text-area";

export const TRY_OUT = "channels.template.try_out";
type Part = "subject" | "body";
type Props = { letters: Letters; change: (next: Letters) => void; language: Language };

/** The words of a letter, with what can be put into them, beside how one customer would get it. */
export function LetterEditor({ letters, change, language: first }: Props) {
  const fields = useRecordMeta("templates")?.fields;
  const [language, setLanguage] = useState(first);
  const [customer, setCustomer] = useState<Reference | null>(null);
  const place = useRef<Part>("body");
  const box = useRef<HTMLDivElement>(null);
  const text = letters[language];
  const tried = useTried(language, text, customer);
  const part = LANGUAGES.find(([one]) => one === language)?.[1];
  const write = (next: Partial<typeof text>) => change({ ...letters, [language]: { ...text, ...next } });
  const input = (name: Part) =>
    box.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name="${name}"]`);
  const insert = (what: Insertion) => {
    const element = input(place.current);
    const value = text[place.current];
    const [start, end] = [element?.selectionStart ?? value.length, element?.selectionEnd ?? value.length];
    const [whole, from, to] = inserted(value, start, end, what);
    write({ [place.current]: whole });
    // The menu gives the keyboard back to its button first.
    setTimeout(() => {
      element?.focus();
      element?.setSelectionRange(from, to);
    }, 50);
  };
  return (
    <div ref={box} className={css.editor}>
      <Segmented<Language>
        aria-label={t("ui.letter.language")}
        options={LANGUAGES.map(([value]) => ({
          value,
          label: (
            <>
              {t(`language.${value}`)}
              {!isWritten(letters[value]) && <span className={css.state}> {t("ui.letter.not_written")}</span>}
            </>
          ),
        }))}
        value={language}
        onChange={setLanguage}
      />
      <div className={css.field}>
        <label htmlFor="letter-subject">{fields?.[`subject_${part}`]?.label}</label>
        <Input
          id="letter-subject"
          name="subject"
          lang={language}
          value={text.subject}
          onFocus={() => {
            place.current = "subject";
          }}
          onChange={(event) => write({ subject: event.target.value })}
        />
      </div>
      <div className={css.field}>
        <label htmlFor="letter-body">{fields?.[`body_${part}`]?.label}</label>
        <TextArea
          id="letter-body"
          name="body"
          lang={language}
          least={10}
          value={text.body}
          onFocus={() => {
            place.current = "body";
          }}
          onChange={(event) => write({ body: event.target.value })}
        />
      </div>
      <Insertions blanks={tried.data?.blanks ?? []} chosen={customer !== null} insert={insert} />
      <Reading tried={tried} language={language} customer={customer} choose={setCustomer} />
    </div>
  );
}

function useTried(language: Language, text: { subject: string; body: string }, customer: Reference | null) {
  const asked = useSettled({ language, ...text, customer: customer?.id ?? null }, 300);
  return useQuery({
    queryKey: ["letter", asked],
    queryFn: () => api.post<Tried>("/api/templates/try_out", asked),
    enabled: TRY_OUT in useMeta().operations,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** What may stand in a letter: what is filled in for each customer, and parts that only some of them get. */
function Insertions({
  blanks,
  chosen,
  insert,
}: {
  blanks: Blank[];
  /** Whether the values are those of a customer. */
  chosen: boolean;
  insert: (what: Insertion) => void;
}) {
  const shown = ({ label, value }: Blank) =>
    chosen ? t("ui.letter.blank_with", { label, value: value || t("ui.letter.not_known") }) : label;
  const items = blanks.map((one) => ({ key: one.name, label: shown(one) }));
  if (!items.length) return null;
  return (
    <div className={css.insertions}>
      <Menu menu={{ items, className: css.menu ?? "", onClick: ({ key }) => insert(blank(key)) }}>
        <Button icon={<Braces size={16} aria-hidden />}>{t("ui.letter.insert")}</Button>
      </Menu>
      <Menu
        menu={{
          items,
          className: css.menu ?? "",
          onClick: ({ key }) => insert(onlyIf(key, t("ui.letter.only_if_words"))),
        }}
      >
        <Button icon={<Split size={16} aria-hidden />}>{t("ui.letter.only_if")}</Button>
      </Menu>
    </div>
  );
}

/** The letter as one customer would get it, or what stands in its way. */
function Reading({
  tried,
  language,
  customer,
  choose,
}: {
  tried: ReturnType<typeof useTried>;
  language: Language;
  customer: Reference | null;
  choose: (next: Reference | null) => void;
}) {
  const labels = Object.fromEntries((tried.data?.blanks ?? []).map(({ name, label }) => [name, label]));
  const lacking = tried.data?.missing.map((name) => labels[name] ?? name) ?? [];
  return (
    <section className={css.reading} aria-label={t("ui.letter.preview")}>
      <div className={css.whose}>
        <h2>{t("ui.letter.preview")}</h2>
        <ReferenceInput
          to="customers"
          aria-label={t("ui.letter.as_for")}
          placeholder={t("ui.letter.as_for")}
          value={customer}
          onChange={(next) => choose(next as Reference | null)}
        />
      </div>
      <div aria-live="polite">
        {tried.isError ? (
          <Refusal error={tried.error} />
        ) : lacking.length ? (
          <p className={css.problem}>{t("ui.letter.lacks", { blanks: lacking.join(t("ui.value.comma")) })}</p>
        ) : (
          <div lang={language} className={tried.isPlaceholderData ? css.old : undefined}>
            <p className={css.subject}>{tried.data?.subject}</p>
            <p className={css.body}>{tried.data?.text || t("ui.letter.nothing_yet")}</p>
          </div>
        )}
      </div>
    </section>
  );
}
