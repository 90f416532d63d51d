import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Condition, Row } from "@/api/types";
import css from "@/features/customers/segment-page.module.css";
import { formatNumber } from "@/lib/format";
import { useSettled } from "@/lib/use-later";
import { t } from "@/lib/words";
import { nameOf } from "@/records/data";
import { problemText } from "@/ui/states";

type Answer = { count: number; exact: boolean; sentence: string; sample: Row[] };

/** How many they are, the condition as a sentence, and a few of them: while one writes. */
export function Preview({ condition }: { condition: Condition | null }) {
  const meta = useMeta().records.customers;
  const asked = useSettled(condition ? JSON.stringify(condition) : "", 350);
  const preview = useQuery({
    queryKey: ["records", "customers", "list", "preview", asked],
    queryFn: () =>
      api.post<Answer>("/api/segments/preview", {
        record: "customers",
        condition: JSON.parse(asked),
        as_of: null,
      }),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
  });
  const answer = asked ? preview.data : undefined;
  return (
    <aside
      className={css.preview}
      aria-live="polite"
      aria-busy={preview.isFetching}
      aria-label={t("ui.segment.preview")}
    >
      <p className={css.count}>
        {answer ? formatNumber(answer.count) : "–"}
        {answer && !answer.exact && "+"}
        <span>{t("ui.segment.count", { n: answer?.count ?? 0 })}</span>
      </p>
      {preview.isError && asked && <p className={css.refusal}>{problemText(preview.error)}</p>}
      {!asked && <p className={css.help}>{t("ui.segment.incomplete")}</p>}
      {answer && <p className={css.sentence}>{answer.sentence}</p>}
      {answer && answer.sample.length > 0 && (
        <ul className={css.sample} aria-label={t("ui.segment.sample")}>
          {answer.sample.slice(0, 12).map((row) => (
            <li key={row.id}>
              <Link to={`/customers/${row.id}`}>{nameOf(meta, row)}</Link>
            </li>
          ))}
        </ul>
      )}
      {answer && answer.count > 0 && (
        <Link to={`/customers?where=${encodeURIComponent(asked)}`}>{t("ui.segment.all")}</Link>
      )}
    </aside>
  );
}
