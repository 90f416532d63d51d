import { Link } from "react-router";
import { useMeta } from "@/api/session";
import css from "@/features/figures/figures-page.module.css";
import { t } from "@/lib/words";
import { usePageTitle } from "@/ui/page-title";
import { Empty } from "@/ui/states";

/** Every figure one may ask for, by what it is about, each with its sentence. */
export function FiguresPage() {
  const figures = Object.entries(useMeta().measures);
  const domains = [...new Set(figures.map(([name]) => domainOf(name)))];
  usePageTitle(t("ui.place.figures"));
  if (!figures.length) return <Empty title={t("ui.figure.none")} text={t("ui.figure.none_text")} />;
  return (
    <div className={css.page}>
      <p className={css.lead}>{t("ui.figure.lead")}</p>
      {domains.map((domain) => (
        <section key={domain} aria-labelledby={`figures-${domain}`}>
          <h2 id={`figures-${domain}`}>{t(`ui.figure.of_${domain}`)}</h2>
          <ul className={css.figures}>
            {figures
              .filter(([name]) => domainOf(name) === domain)
              .map(([name, { label, help }]) => (
                <li key={name}>
                  <Link to={`/figures/${name.replaceAll(".", "/")}`}>{label}</Link>
                  <span>{help}</span>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function domainOf(name: string): string {
  return name.split(".")[0] ?? "";
}
