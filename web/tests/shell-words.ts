import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** The shell's own texts of a language, as the server would send them. */
export function shellWords(language: string): Record<string, string> {
  return domainWords("app", language);
}

/** The texts of one domain. */
export function domainWords(domain: string, language: string): Record<string, string> {
  const file = join(import.meta.dirname, `../../src/guanxi/${domain}/words`, `${language}.yaml`);
  return parse(readFileSync(file, "utf8")) as Record<string, string>;
}
