/** Prints what a browser fetches in script from the sign-in page to the first list, and fails beyond the limit. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const LIMIT_KB = 450;
const root = fileURLToPath(new URL("../../src/guanxi/app/client", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
const WAY = ["index.html", "src/app/sign-in.tsx", "src/app/signed-in.tsx", "src/records/list/list-page.tsx"];

const files = new Set();
const visit = (key) => {
  const chunk = manifest[key];
  if (!chunk || files.has(chunk.file)) return;
  if (chunk.file.endsWith(".js")) files.add(chunk.file);
  for (const next of chunk.imports ?? []) visit(next);
};
for (const key of WAY) {
  if (!manifest[key]) throw new Error(`${key} is not in the build; the way to the first list has moved`);
  visit(key);
}

let total = 0;
for (const file of [...files].sort()) {
  const size = statSync(join(root, `${file}.br`)).size;
  total += size;
  console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(
  `${(total / 1000).toFixed(1).padStart(8)} kB  brotli from sign-in to the first list (limit ${LIMIT_KB})`,
);
if (total > LIMIT_KB * 1000) process.exit(1);
