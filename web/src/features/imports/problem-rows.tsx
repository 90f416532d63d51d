import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Problems } from "@/features/imports/data";
import css from "@/features/imports/imports.module.css";
import { t } from "@/lib/words";
import { ProblemNote, Skeleton } from "@/ui/states";

/** All that is wrong with a row, a line for each column. */
function Why({ row, called }: { row: Problems["rows"][number]; called: Problems["called"] }) {
  const wrong = Object.entries(row.fields);
  if (wrong.length === 0) return row.message;
  return (
    <ul className={css.why}>
      {wrong.map(([name, problem]) => (
        <li key={name}>{t("import.wrong_column", { column: called[name], problem })}</li>
      ))}
    </ul>
  );
}

/** The rows that need a person: as they stood in the file, and why; to be taken away, corrected, brought again. */
export function ProblemRows({ id }: { id: string }) {
  const problems = useQuery({
    queryKey: ["import", id, "problems"],
    queryFn: () => api.get<Problems>(`/api/imports/${id}/problems`),
  });
  if (problems.isPending) return <Skeleton />;
  if (problems.isError) return <ProblemNote error={problems.error} />;
  const { rows, n, headings, called } = problems.data;
  return (
    <section className={css.problems} aria-label={t("ui.import.problems", { n })}>
      <header className={css.fileHead}>
        <h2>{t("ui.import.problems", { n })}</h2>
        <a href={`/api/imports/${id}/problems.csv`} download>
          {t("ui.import.download")}
        </a>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <div className={css.scroller} tabIndex={0} role="region" aria-label={t("ui.import.problems", { n })}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t("ui.import.row")}</th>
              <th scope="col">{t("ui.import.why")}</th>
              {headings.map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.number}>
                <th scope="row">{row.number}</th>
                <td>
                  <Why row={row} called={called} />
                </td>
                {headings.map((heading) => (
                  <td
                    key={heading}
                    className={css.sample}
                    data-wrong={Object.keys(row.fields).some((name) => called[name] === heading)}
                  >
                    {row.cells[heading]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
