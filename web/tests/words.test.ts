import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const LANGUAGES = ["en", "zh-Hans", "zh-Hant"];
const root = join(import.meta.dirname, "../../");
const house = join(root, "src/guanxi");

function catalogue(language: string, only?: string): Record<string, string> {
  const files = readdirSync(house, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && (!only || entry.name === only))
    .map((entry) => join(house, entry.name, "words", `${language}.yaml`));
  const read = (file: string) => {
    try {
      return parse(readFileSync(file, "utf8")) as Record<string, string>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw error;
    }
  };
  return Object.assign({}, ...files.map(read)) as Record<string, string>;
}

const sources = readdirSync(join(root, "web/src"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
  .join("\n");
const whole = [...new Set([...sources.matchAll(/"(ui\.[a-z0-9_.]+)"/g)].map(([, key]) => key as string))];
const begun = [...new Set([...sources.matchAll(/`(ui\.[a-z0-9_.]+)\$\{/g)].map(([, key]) => key as string))];
const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe.each(LANGUAGES)("the words of %s", (language) => {
  const words = catalogue(language);
  const english = catalogue("en");

  it("know every text that the client asks for", () => {
    expect(whole.filter((key) => !(key in words))).toEqual([]);
  });

  it("know at least one text for every key that is put together", () => {
    expect(begun.filter((start) => !Object.keys(words).some((key) => key.startsWith(start)))).toEqual([]);
  });

  it("have the same client texts, with the same places to fill, as English", () => {
    const own = (all: Record<string, string>) =>
      Object.keys(all)
        .filter((key) => key.startsWith("ui."))
        .sort();
    expect(own(words)).toEqual(own(english));
    for (const key of own(words)) {
      expect([key, [...new Set(places(words[key] ?? ""))]]).toEqual([
        key,
        [...new Set(places(english[key] ?? ""))],
      ]);
    }
  });
});

it("have no text of the shell that nobody asks for", () => {
  const used = (key: string) => whole.includes(key) || begun.some((start) => key.startsWith(start));
  expect(Object.keys(catalogue("en", "app")).filter((key) => key.startsWith("ui.") && !used(key))).toEqual(
    [],
  );
});
