/** The files of a draft and of messages. */
import { api } from "@/api/client";
import { formatNumber } from "@/lib/format";
import { t } from "@/lib/words";

export type FileOf = { number: number; name: string; media_type: string; size_bytes: number };

const KB = 1_024;
const UNNAMED = "pasted.png";

export function formatSize(bytes: number): string {
  if (bytes < KB * KB) return t("ui.inbox.kb", { n: formatNumber(Math.max(1, Math.round(bytes / KB)), 0) });
  return t("ui.inbox.mb", { n: formatNumber(bytes / KB / KB, 1) });
}

/** Puts files one after the other, so that what is refused is refused by its name. */
export async function putFiles(draft: string, files: Iterable<File>): Promise<void> {
  for (const file of files) {
    const name = encodeURIComponent(file.name || UNNAMED);
    await api.post(`/api/drafts/${draft}/files?name=${name}`, file);
  }
}
