import { Button } from "antd";
import { Link } from "react-router";
import { useMeta } from "@/api/session";
import type { Column, Look, Mapping } from "@/features/imports/data";
import { type Unused, unusedOf } from "@/features/imports/guess";
import css from "@/features/imports/imports.module.css";
import own from "@/features/imports/unused-columns.module.css";
import { t } from "@/lib/words";

type Props = { noun: string; look: Look; mapping: Mapping; use: (column: Column, heading: string) => void };

function Offer({ heading, kind, as, use }: Unused & { use: Props["use"] }) {
  if (!as) return null;
  return (
    <span>
      {kind && t(`ui.import.looks_${kind}`, { heading })}{" "}
      <Button type="link" className={css.plain} onClick={() => use(as, heading)}>
        {t("ui.import.use_as", { column: as.label })}
      </Button>
    </span>
  );
}

/** What of the file does not come in, with what stands there, so that nothing is dropped unseen. */
export function UnusedColumns({ noun, look, mapping, use }: Props) {
  const { records } = useMeta();
  const mayAdd = records[noun]?.extensible && records.custom_fields?.create;
  const unused = unusedOf(look, mapping);
  const filled = unused.filter(({ values }) => values.length > 0);
  const empty = unused.filter(({ values }) => values.length === 0).map(({ heading }) => heading);
  return (
    <>
      {filled.length > 0 && (
        <section className={css.doubt}>
          <p>{t("ui.import.unused", { n: filled.length })}</p>
          <ul className={own.list}>
            {filled.map((one) => (
              <li key={one.heading}>
                <strong>{one.heading}</strong>
                <span className={own.value}>{one.values[0]}</span>
                <Offer {...one} use={use} />
              </li>
            ))}
          </ul>
          {mayAdd && (
            <p>
              <Link to="/settings/fields">{t("ui.import.add_field")}</Link>
            </p>
          )}
        </section>
      )}
      {empty.length > 0 && (
        <p className={css.note}>
          {t("ui.import.unused_empty", { headings: empty.join(t("ui.value.comma")) })}
        </p>
      )}
    </>
  );
}
