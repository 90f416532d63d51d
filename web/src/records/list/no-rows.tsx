import { Button } from "antd";
import type { RecordMeta } from "@/api/types";
import { inSentence, t } from "@/lib/words";
import { Empty } from "@/ui/states";

type Props = {
  meta: RecordMeta;
  /** Leads out of a question that nothing fits. */
  showAll: (() => void) | undefined;
  create: (() => void) | undefined;
};

/** A list without rows: nothing fits what was asked, or there is nothing yet. */
export function NoRows({ meta, showAll, create }: Props) {
  if (showAll) {
    return (
      <Empty title={t("ui.list.nothing_fits")} text={t("ui.list.nothing_fits_text")}>
        <Button onClick={showAll}>{t("ui.list.show_all")}</Button>
      </Empty>
    );
  }
  return (
    <Empty title={t("ui.list.empty", { records: inSentence(meta.label.many) })} text={meta.label.help ?? ""}>
      {create && (
        <Button type="primary" onClick={create}>
          {t("ui.create.one", { record: inSentence(meta.label.one) })}
        </Button>
      )}
    </Empty>
  );
}
