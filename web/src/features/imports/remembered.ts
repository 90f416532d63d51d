import { api } from "@/api/client";
import type { Page } from "@/api/types";
import type { ImportRun, Look } from "@/features/imports/data";

const LATEST = 20;

/** The last file of a noun that came in with the same headings; none where no such file is known. */
export async function lastLike(noun: string, look: Look, signal: AbortSignal): Promise<ImportRun | null> {
  const done = [
    { field: "noun", op: "is", value: noun },
    { field: "status", op: "is", value: "done" },
  ];
  const wish = { where: JSON.stringify({ and: done }), sort: "-ended_at", limit: LATEST };
  const page = await api.get<Page>("/api/imports", wish, signal);
  const there = [...look.headings].sort().join("\n");
  const fits = (page.rows as ImportRun[]).filter(({ mapping }) =>
    Object.values(mapping).every((source) => typeof source !== "string" || look.headings.includes(source)),
  );
  for (const run of fits.slice(0, 3)) {
    const asked = { noun, file: run.file, encoding: run.encoding };
    const its = await api.get<Look>("/api/imports/look", asked, signal).catch(() => null);
    if (its && [...its.headings].sort().join("\n") === there) return run;
  }
  return null;
}
