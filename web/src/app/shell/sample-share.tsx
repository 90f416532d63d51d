import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import css from "@/app/shell/top-bar.module.css";
import { formatShare } from "@/lib/format";
import { t } from "@/lib/words";

type SoFar = { lived: number; of: number };

const AGAIN_MS = 5_000;
const filling = (soFar?: SoFar) => !!soFar && soFar.lived < soFar.of;

/** How far the sample company has lived through its year, as long as figures and lists still lack the rest of it. */
export function SampleShare({ phone }: { phone: boolean }) {
  const { data } = useQuery({
    queryKey: ["sample"],
    queryFn: ({ signal }) => api.get<SoFar>("/api/sample", {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => filling(state.data) && AGAIN_MS,
  });
  if (!data || !filling(data)) return null;
  const done = Math.floor((100 * data.lived) / data.of) / 100;
  return (
    <p className={css.sample} title={t("ui.shell.sample_help")}>
      {t(phone ? "ui.shell.sample_short" : "ui.shell.sample", { share: formatShare(done, 0) })}
      <span className={css.filled} style={{ inlineSize: `${100 * done}%` }} aria-hidden />
    </p>
  );
}
