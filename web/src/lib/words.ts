/** Words: every text a person reads comes from the server's catalogue in the reader's language. */

export type Values = Record<string, string | number | undefined>;

let catalogue: Record<string, string> = {};
let language = "en";

export function setWords(lang: string, words: Record<string, string>): void {
  language = lang;
  catalogue = words;
}

export function currentLanguage(): string {
  return language;
}

/** Chooses "one|many" by `n`; Chinese has one form and no bar. */
function plural(text: string, n: number | string | undefined): string {
  const bar = text.indexOf("|");
  if (bar < 0) return text;
  return Number(n) === 1 ? text.slice(0, bar) : text.slice(bar + 1);
}

/** The text for a key with `{name}` places filled; numbers are written the reader's way. */
export function t(key: string, values?: Values): string {
  const text = catalogue[key];
  if (text === undefined) return key;
  if (!values) return text;
  return plural(text, values.n).replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
  });
}

/** A noun inside of a sentence: English labels lose their capital, unless they are an abbreviation. */
export function inSentence(label: string): string {
  if (language !== "en" || /^[A-Z]{2}/.test(label)) return label;
  return label.charAt(0).toLowerCase() + label.slice(1);
}

/** Whether the catalogue knows a key: used where a text is optional, such as help. */
export function has(key: string): boolean {
  return key in catalogue;
}
