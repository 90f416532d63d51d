import { useRecordMeta } from "@/api/session";
import type { Row } from "@/api/types";
import css from "@/features/marketing/letter.module.css";

const LANGUAGES = [
  ["en", "en"],
  ["zh-Hans", "zh_hans"],
  ["zh-Hant", "zh_hant"],
] as const;

/** A template as a letter is read: its subject and its words, in each language it has. */
export function Letter({ row }: { row: Row }) {
  const fields = useRecordMeta("templates")?.fields;
  const written = LANGUAGES.filter(([, part]) => row[`subject_${part}`] || row[`body_${part}`]);
  return (
    <div className={css.letters}>
      {written.map(([lang, part]) => (
        <article key={part} className={css.letter} aria-label={fields?.[`body_${part}`]?.label}>
          <h2>{fields?.[`body_${part}`]?.label}</h2>
          <p lang={lang} className={css.subject}>
            {String(row[`subject_${part}`] ?? "")}
          </p>
          <p lang={lang} className={css.body}>
            {String(row[`body_${part}`] ?? "")}
          </p>
        </article>
      ))}
    </div>
  );
}
