import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { Link, useNavigate } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Condition, Row } from "@/api/types";
import pages from "@/features/imports/imports.module.css";
import css from "@/features/imports/mirror.module.css";
import { t } from "@/lib/words";
import { settleRow } from "@/records/data";
import { usePageTitle } from "@/ui/page-title";
import { ProblemNote, problemText, Skeleton } from "@/ui/states";
import { say } from "@/ui/toast";

const KEEP = "app.mirror.keep";
type Sentence = { kind: string; n: number; text: string; condition: Condition | null; keep: boolean };
type Answer = { rows: number; as_of: string; sentences: Sentence[] };

/** Opens the people of a sentence that no condition describes, by putting them into a segment. */
function Open({ kind, run }: { kind: string; run?: string | undefined }) {
  const operation = useMeta().operations[KEEP];
  const client = useQueryClient();
  const navigate = useNavigate();
  const keep = useMutation({
    mutationFn: () => api.post<Row>(operation?.path ?? "", { kind, ...(run && { import_id: run }) }),
    onSuccess: (segment) => {
      settleRow(client, "segments", segment);
      navigate(`/segments/${segment.id}`);
    },
    onError: (error) => say(problemText(error), { tone: "broken" }),
  });
  if (!operation) return null;
  return (
    <Button type="link" className={css.open} loading={keep.isPending} onClick={() => keep.mutate()}>
      {t("ui.mirror.open")}
    </Button>
  );
}

/** Five true sentences about one's own customers, each opening the people it speaks of. */
export function Mirror({ run }: { run?: string }) {
  const mirror = useQuery({
    queryKey: ["place", "mirror", run ?? ""],
    queryFn: ({ signal }) => api.get<Answer>("/api/mirror", { import: run }, signal),
  });
  if (mirror.isPending) return <Skeleton lines={5} />;
  if (mirror.isError) return <ProblemNote error={mirror.error} retry={() => void mirror.refetch()} />;
  return (
    <section className={css.mirror} aria-label={t("ui.mirror.title")}>
      {run && <h2>{t("ui.mirror.title")}</h2>}
      <ol>
        {mirror.data.sentences.map(({ kind, n, text, condition, keep }) => (
          <li key={kind} data-none={n === 0}>
            <span>{text}</span>
            {n > 0 && condition ? (
              <Link to={`/customers?where=${encodeURIComponent(JSON.stringify(condition))}`}>
                {t("ui.mirror.open")}
              </Link>
            ) : (
              keep && <Open kind={kind} run={run} />
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function MirrorPage() {
  usePageTitle(t("ui.mirror.title"));
  return (
    <div className={pages.page}>
      <Mirror />
    </div>
  );
}
