import type { ReactNode } from "react";
import css from "@/features/settings/sheet.module.css";
import { t } from "@/lib/words";
import { Tabs } from "@/records/list/tabs";
import { usePageTitle } from "@/ui/page-title";

/** One page of the settings as all of them look: the tabs above, one column to read below. */
export function Sheet({ here, title, children }: { here: string; title: string; children: ReactNode }) {
  const place = t("ui.place.settings");
  usePageTitle(`${place} · ${title}`, place);
  return (
    <>
      <Tabs of="settings" here={here} />
      <div className={css.sheet}>{children}</div>
    </>
  );
}
