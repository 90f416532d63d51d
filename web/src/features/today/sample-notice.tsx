import { useQuery } from "@tanstack/react-query";
import { Progress } from "antd";
import { api } from "@/api/client";
import css from "@/features/today/today-page.module.css";
import { t } from "@/lib/words";

type SoFar = { lived: number; of: number };

/** Says that the sample company is still living through its year, as long as it is. */
export function SampleNotice() {
  const soFar = useQuery({
    queryKey: ["place", "sample"],
    queryFn: ({ signal }) => api.get<SoFar>("/api/sample", {}, signal),
  });
  const { lived, of } = soFar.data ?? { lived: 0, of: 0 };
  if (lived >= of) return null;
  return (
    <output className={css.sample}>
      <span>{t("ui.today.sample")}</span>
      <Progress percent={Math.floor((100 * lived) / of)} size="small" aria-label={t("ui.today.sample")} />
    </output>
  );
}
