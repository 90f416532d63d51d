import type { Row } from "@/api/types";
import { formatWhen } from "@/lib/format";
import { t } from "@/lib/words";

/** Whether a hold still keeps us silent, or since when no more. */
export function HoldEnd({ row }: { row: Row }) {
  const past = typeof row.until === "string" && new Date(row.until) < new Date() ? row.until : null;
  const end = (row.lifted_at as string | null) ?? past;
  return end ? t("ui.hold.over", { when: formatWhen(end) }) : <strong>{t("ui.hold.in_force")}</strong>;
}
