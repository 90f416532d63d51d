import { Search } from "lucide-react";
import { CreateMenu } from "@/app/shell/create-menu";
import { MeMenu } from "@/app/shell/me-menu";
import { SampleShare } from "@/app/shell/sample-share";
import css from "@/app/shell/top-bar.module.css";
import { t } from "@/lib/words";
import { useShownTitle } from "@/ui/page-title";

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function TopBar({
  phone,
  search,
  showKeys,
}: {
  phone: boolean;
  search: () => void;
  showKeys: () => void;
}) {
  const { text, shown } = useShownTitle();
  return (
    <header className={css.bar}>
      <h1 className={css.title}>{shown}</h1>
      <p className="visually-hidden" role="status">
        {text}
      </p>
      <SampleShare phone={phone} />
      {phone ? (
        <button type="button" className={css.icon} onClick={search} aria-label={t("ui.search.box")}>
          <Search size={20} strokeWidth={1.75} aria-hidden />
        </button>
      ) : (
        <button
          type="button"
          className={css.search}
          onClick={search}
          aria-keyshortcuts={mac ? "Meta+K" : "Control+K"}
        >
          <Search size={16} strokeWidth={1.75} aria-hidden />
          <span>{t("ui.search.box")}</span>
          <kbd>{mac ? "⌘ K" : "Ctrl K"}</kbd>
        </button>
      )}
      <CreateMenu phone={phone} />
      <MeMenu phone={phone} showKeys={showKeys} />
    </header>
  );
}
