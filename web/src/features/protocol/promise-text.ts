import type { Meta } from "@/api/types";
import type { Binding } from "@/features/protocol/pasted";
import { formatShare } from "@/lib/format";
import { standardText } from "@/lib/units";
import { t } from "@/lib/words";

/** A number with the standard it is bound to, as a line says it. */
export function promiseText({ standard, value, ...more }: Binding, meta: Meta): string {
  const number = value === null ? "–" : standardText({ value, unit: more.unit, counted_in: more.counted_in });
  const label = meta.settings?.[standard]?.label;
  const target = more.target_share === null ? "" : formatShare(Number(more.target_share), 0);
  const kind = meta.records.clauses?.fields.figure_kind?.choices?.find((one) => one.value === "mean")?.label;
  return [
    label ? t("ui.value.labelled", { label, value: number }) : number,
    ...(more.figure_kind === "mean" && kind ? [kind] : []),
    ...(target ? [t("ui.protocol.target", { target })] : []),
  ].join(" · ");
}
