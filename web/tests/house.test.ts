import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const src = join(import.meta.dirname, "../src");
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(tsx?|css)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: path.slice(src.length + 1), text: readFileSync(path, "utf8") }));
const code = files.filter(({ path }) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"));

const LAYERS: Record<string, string[]> = {
  lib: ["lib", "api/types"],
  api: ["api", "lib"],
  ui: ["ui", "api", "lib"],
  records: ["records", "ui", "api", "lib"],
  features: ["records", "ui", "api", "lib"],
  app: ["app", "features", "records", "ui", "api", "lib"],
};

/** What a file may import from: features only themselves and what lies below them. */
function allowed(path: string, imported: string): boolean {
  const [layer = "", feature = ""] = path.split("/");
  if (!path.includes("/")) return true;
  if (layer === "features" && imported.startsWith(`features/${feature}/`)) return true;
  return (LAYERS[layer] ?? []).some((start) => imported === start || imported.startsWith(`${start}/`));
}

function strangers(all: { path: string; text: string }[]): string[] {
  return all.flatMap(({ path, text }) =>
    [...text.matchAll(/(?:from|import)\s*\(?"@\/([^"]+)"/g)]
      .map(([, imported = ""]) => imported)
      .filter((imported) => !allowed(path, imported))
      .map((imported) => `${path} → ${imported}`),
  );
}

function coloured(all: { path: string; text: string }[]): string[] {
  return all
    .filter(({ path }) => path !== "ui/theme.ts")
    .flatMap(({ path, text }) =>
      [...text.matchAll(/(?<![\w&])#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(/g)].map(
        ([found]) => `${path}: ${found}`,
      ),
    );
}

describe("the house of the client", () => {
  it("has arrows that point down only, and features that do not know each other", () => {
    expect(strangers(code)).toEqual([]);
    expect(
      strangers([{ path: "features/inbox/x.ts", text: 'import { a } from "@/features/today/b";' }]),
    ).toHaveLength(1);
    expect(strangers([{ path: "records/x.ts", text: 'const a = import("@/app/router");' }])).toHaveLength(1);
  });

  it("says colours in one place", () => {
    expect(coloured(files)).toEqual([]);
    expect(coloured([{ path: "a.css", text: "a { color: #0f0; }" }])).toHaveLength(1);
  });

  it("has no component beyond 250 lines", () => {
    expect(
      files
        .filter(({ text, path }) => !path.endsWith(".d.ts") && text.split("\n").length > 251)
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it("asks for days in one way, which keeps what is being typed", () => {
    expect(code.filter(({ text }) => /<DatePicker\b/.test(text)).map(({ path }) => path)).toEqual([
      "ui/day-input.tsx",
    ]);
  });

  it("has no markup from strings and no script from strings", () => {
    expect(
      code
        .filter(({ text }) => /dangerouslySetInnerHTML|\.innerHTML|\beval\(|new Function\(/.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });
});
