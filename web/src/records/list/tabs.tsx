import { Link } from "react-router";
import { useMeta } from "@/api/session";
import { t } from "@/lib/words";
import css from "@/records/list/tabs.module.css";
import { useTabs } from "@/records/slots";

/** The lists and pages that make one place, as tabs. */
export function Tabs({ of, here }: { of: string; here: string }) {
  const { records } = useMeta();
  const tabs = useTabs(of).filter((tab) => !tab.plural || tab.plural in records);
  if (tabs.length < 2) return null;
  return (
    <nav className={css.tabs} aria-label={t("ui.list.beside")}>
      {tabs.map(({ to, plural, label }) => (
        <Link key={to} to={to} aria-current={to === here ? "page" : undefined}>
          {label ? t(label) : records[plural ?? ""]?.label.many}
        </Link>
      ))}
    </nav>
  );
}
