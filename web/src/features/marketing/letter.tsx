import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { api } from "@/api/client";
import { useRecordMeta } from "@/api/session";
import type { Row } from "@/api/types";
import css from "@/features/marketing/letter.module.css";
import { LetterEditor } from "@/features/marketing/letter-editor";
import { fromRow, isWritten, LANGUAGES, toInput } from "@/features/marketing/letters";
import { currentLanguage, t } from "@/lib/words";
import { settleRow } from "@/records/data";
import { Refusal } from "@/ui/states";
import { say } from "@/ui/toast";

const REWRITE = "channels.template.rewrite";

/** A template as a letter is read: its subject and its words, in each language it has; and as it is written. */
export function Letter({ row }: { row: Row }) {
  const [editing, setEditing] = useState(false);
  if (editing) return <Edited key={row.version} row={row} close={() => setEditing(false)} />;
  return (
    <div className={css.letters}>
      <Written row={row} />
      {row.can?.includes(REWRITE) && (
        <div>
          <Button icon={<Pencil size={16} aria-hidden />} onClick={() => setEditing(true)}>
            {t("ui.letter.edit")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Written({ row }: { row: Row }) {
  const fields = useRecordMeta("templates")?.fields;
  const letters = fromRow(row);
  return LANGUAGES.filter(([language]) => isWritten(letters[language])).map(([language, part]) => (
    <article key={part} className={css.letter} aria-label={fields?.[`body_${part}`]?.label}>
      <h2>{fields?.[`body_${part}`]?.label}</h2>
      <p lang={language} className={css.subject}>
        {letters[language].subject}
      </p>
      <p lang={language} className={css.body}>
        {letters[language].body}
      </p>
    </article>
  ));
}

function Edited({ row, close }: { row: Row; close: () => void }) {
  const client = useQueryClient();
  const [letters, change] = useState(() => fromRow(row));
  const save = useMutation({
    mutationFn: () => api.post<Row>(`/api/templates/${row.id}/rewrite`, toInput(letters)),
    onSuccess: (saved) => {
      settleRow(client, "templates", saved);
      say(t("ui.letter.saved"));
      close();
    },
  });
  const written = LANGUAGES.map(([language]) => language).filter((language) => isWritten(letters[language]));
  const first = written.find((language) => language === currentLanguage()) ?? written[0] ?? "en";
  return (
    <div className={css.letters}>
      <LetterEditor letters={letters} change={change} language={first} />
      <div className={css.acts}>
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
          {t("ui.do.save")}
        </Button>
        <Button onClick={close}>{t("ui.do.cancel")}</Button>
      </div>
      <Refusal error={save.error} />
    </div>
  );
}
