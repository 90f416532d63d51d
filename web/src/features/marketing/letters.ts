/** A letter in the languages it is written in, as the editor holds it and the server keeps it. */
import type { Row } from "@/api/types";

export const LANGUAGES = [
  ["en", "en"],
  ["zh-Hans", "zh_hans"],
  ["zh-Hant", "zh_hant"],
] as const;

export type Language = (typeof LANGUAGES)[number][0];
export type Text = { subject: string; body: string };
export type Letters = Record<Language, Text>;

export type Blank = { name: string; label: string; value: string };
export type Tried = { subject: string; text: string; missing: string[]; blanks: Blank[] };

/** What is inserted around the words that are marked: a blank, or a part that is left out where nothing is known. */
export type Insertion = { before: string; after: string; otherwise: string };

export const blank = (name: string): Insertion => ({ before: `{{ ${name} }}`, after: "", otherwise: "" });

export const onlyIf = (name: string, words: string): Insertion => ({
  before: `{% if ${name} %}`,
  after: "{% endif %}",
  otherwise: words,
});

/** The text with something inserted at what is marked, and what is marked then. */
export function inserted(
  text: string,
  start: number,
  end: number,
  what: Insertion,
): [string, number, number] {
  const words = what.after ? text.slice(start, end) || what.otherwise : "";
  const made = `${what.before}${words}${what.after}`;
  const from = start + what.before.length;
  const whole = text.slice(0, start) + made + text.slice(end);
  return what.after ? [whole, from, from + words.length] : [whole, from, from];
}

export function fromRow(row: Row | undefined): Letters {
  const text = (part: string) => ({
    subject: String(row?.[`subject_${part}`] ?? ""),
    body: String(row?.[`body_${part}`] ?? ""),
  });
  return { en: text("en"), "zh-Hans": text("zh_hans"), "zh-Hant": text("zh_hant") };
}

export function toInput(letters: Letters): Record<string, string> {
  return Object.fromEntries(
    LANGUAGES.flatMap(([language, part]) => [
      [`subject_${part}`, letters[language].subject],
      [`body_${part}`, letters[language].body],
    ]),
  );
}

export const isWritten = ({ subject, body }: Text) => Boolean(subject.trim() || body.trim());
