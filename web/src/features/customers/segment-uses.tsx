import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import css from "@/features/customers/segment-uses.module.css";
import { t } from "@/lib/words";
import { problemText, Skeleton } from "@/ui/states";

type Uses = { uses: { record: string; id: string; label: string }[]; hidden: number };

/** What is made from a segment: as long as there is something, the segment is not archived. */
export function SegmentUses({ id }: { id: string }) {
  const records = useMeta().records;
  const found = useQuery({
    queryKey: ["records", "segments", "one", id, "uses"],
    queryFn: () => api.get<Uses>(`/api/segments/${id}/uses`),
  });
  const { uses = [], hidden = 0 } = found.data ?? {};
  return (
    <section className={css.uses} aria-label={t("ui.segment.used")}>
      <h2>{t("ui.segment.used")}</h2>
      {found.isPending && <Skeleton lines={1} />}
      {found.isError && <p>{problemText(found.error)}</p>}
      {found.data && !uses.length && !hidden && <p className={css.help}>{t("ui.segment.unused")}</p>}
      {uses.length > 0 && (
        <ul>
          {uses.map((one) => (
            <li key={one.id}>
              <span className={css.help}>{records[one.record]?.label.one}</span>
              <Link to={`/${one.record}/${one.id}`}>{one.label || "–"}</Link>
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 && <p className={css.help}>{t("ui.segment.used_hidden", { n: hidden })}</p>}
    </section>
  );
}
