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

type Answer = { count: number | null; exact: boolean; sentence: string; sample: Row[] };

const KEY = ["records", "customers", "list", "preview"];

function counted(asked: string, quick: boolean): Promise<Answer> {
  const condition = JSON.parse(asked) as Condition;
  return api.post<Answer>("/api/segments/preview", { record: "customers", condition, as_of: null, quick });
}

/** A number that is not known exactly. */
const about = (n: number) => `≈ ${formatNumber(n)}`;

/** How many they are, the condition as a sentence, and a few of them: while one writes. */
export function Preview({ condition }: { condition: Condition | null }) {
  const meta = useMeta().records.customers;
  const asked = useSettled(condition ? JSON.stringify(condition) : "", 350);
  const quick = useQuery({
    queryKey: [...KEY, "quick", asked],
    queryFn: () => counted(asked, true),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
  });
  const rough = asked !== "" && quick.isSuccess && !quick.isPlaceholderData && !quick.data.exact;
  const full = useQuery({
    queryKey: [...KEY, asked],
    queryFn: () => counted(asked, false),
    enabled: rough,
  });
  const answer = asked ? (rough && full.data) || quick.data : undefined;
  const error = quick.error ?? full.error;
  return (
    <aside
      className={css.preview}
      aria-live="polite"
      aria-busy={quick.isFetching || full.isFetching}
      aria-label={t("ui.segment.preview")}
    >
      <p className={css.count}>
        {answer?.count == null ? "–" : answer.exact ? formatNumber(answer.count) : about(answer.count)}
        <span>
          {t(answer && !answer.exact ? "ui.segment.counting" : "ui.segment.count", { n: answer?.count ?? 0 })}
        </span>
      </p>
      {error && asked && <p className={css.refusal}>{problemText(error)}</p>}
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
      {answer && answer.count !== 0 && (
        <Link to={`/customers?where=${encodeURIComponent(asked)}`}>{t("ui.segment.all")}</Link>
      )}
    </aside>
  );
}
