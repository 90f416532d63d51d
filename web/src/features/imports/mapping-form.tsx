import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { useMe } from "@/api/session";
import type { Row } from "@/api/types";
import { ConsentWords } from "@/features/imports/consent-words";
import {
  type Column,
  columnsPath,
  ENCODINGS,
  type ImportRun,
  type Look,
  type Mapping,
  OPEN,
  ORDERS,
  type Source,
} from "@/features/imports/data";
import { valuesOf } from "@/features/imports/guess";
import css from "@/features/imports/imports.module.css";
import { Remarks } from "@/features/imports/remarks";
import { SourceInput } from "@/features/imports/source-input";
import { UnusedColumns } from "@/features/imports/unused-columns";
import { countryOptions } from "@/lib/regions";
import { t } from "@/lib/words";
import { settleRow } from "@/records/data";
import { Refusal } from "@/ui/states";

type Props = {
  look: Look;
  noun: string;
  name: string;
  /** The import of this very file whose columns are chosen anew. */
  run?: ImportRun | undefined;
  /** The last import of a file with the same headings. */
  last?: ImportRun | undefined;
  again: () => void;
  setEncoding: (encoding: string) => void;
  setSheet: (sheet: string) => void;
};
/** What the columns of a file mean, with what stands in them, before anything is written. */
export function MappingForm({ look, noun, name, run, last, again, setEncoding, setSheet }: Props) {
  const me = useMe();
  const navigate = useNavigate();
  const client = useQueryClient();
  const before = run ?? last;
  const [mapping, setMapping] = useState<Mapping>(before?.mapping ?? look.suggested);
  const [order, setOrder] = useState(run?.reading.order ?? look.order ?? last?.reading.order ?? "dmy");
  const [options, setOptions] = useState(run?.reading.options ?? []);
  const [country, setCountry] = useState(before?.reading.country || me.company.country);
  const dated = look.columns.some(
    ({ name: column, kind }) => ["moment", "day", "date", "datetime"].includes(kind) && mapping[column],
  );
  const missing = look.columns.filter((column) => column.required && mapping[column.name] === undefined);
  const lack = missing.length
    ? t("ui.import.missing", { columns: missing.map(({ label }) => label).join(t("ui.value.comma")) })
    : look.sample.length === 0
      ? t("ui.import.no_rows")
      : Object.keys(mapping).length === 0
        ? t("ui.import.nothing_mapped")
        : "";
  const [all, setAll] = useState(Object.keys(before?.mapping ?? look.suggested).length === 0);
  const [first] = useState(
    () =>
      new Set(
        look.columns
          .filter(({ name: column, required }) => required || column in look.suggested)
          .map((column) => column.name),
      ),
  );
  const shown = look.columns.filter((column) => all || first.has(column.name) || column.name in mapping);
  const use = (column: Column, source: Source | undefined) =>
    setMapping(({ [column.name]: _old, ...rest }) =>
      source === undefined ? rest : { ...rest, [column.name]: source },
    );
  const check = useMutation({
    mutationFn: async () => {
      const reading = { encoding: look.encoding, mapping, order, country, options };
      const open = run && OPEN.has(run.status) && run.file === look.file ? run : undefined;
      const made = open
        ? await api.post<ImportRun>(`/api/imports/${open.id}/map`, reading)
        : await api.post<ImportRun>("/api/imports", { noun, file: look.file, file_name: name, ...reading });
      // whoever comes back finds the columns as they were chosen
      await navigate(columnsPath({ ...made, noun, file_name: name }, look), { replace: true });
      await api.post<Row>(`/api/imports/${made.id}/check`);
      return made;
    },
    onSuccess: (made) => {
      settleRow(client, "imports", made);
      void navigate(`/imports/${made.id}`);
    },
  });
  const sampleOf = (source: Source | undefined) => {
    if (source === undefined) return "";
    if (typeof source === "object") return source.constant;
    return valuesOf(look, source).slice(0, 3).join(" · ");
  };
  return (
    <div className={css.page}>
      <header className={css.fileHead}>
        <h2>{name}</h2>
        <Button type="link" className={css.plain} onClick={again}>
          {t("ui.import.other_file")}
        </Button>
      </header>
      <div className={css.reading}>
        {look.book ? (
          <div className={css.choice}>
            <span>{t("ui.import.sheet")}</span>
            <Select
              aria-label={t("ui.import.sheet")}
              options={look.sheets.map((value) => ({ value, label: value }))}
              value={look.sheet}
              onChange={setSheet}
            />
          </div>
        ) : (
          <div className={css.choice}>
            <span>{t("ui.import.encoding")}</span>
            <Select
              aria-label={t("ui.import.encoding")}
              options={[...new Set([look.encoding, ...ENCODINGS])].map((value) => ({
                value,
                label: value.toUpperCase(),
              }))}
              value={look.encoding}
              onChange={setEncoding}
            />
          </div>
        )}
        {dated && (
          <div className={css.choice}>
            <span>{t("ui.import.order")}</span>
            <Select
              aria-label={t("ui.import.order")}
              options={ORDERS.map((value) => ({ value, label: t(`ui.import.order_${value}`) }))}
              value={order}
              onChange={setOrder}
            />
          </div>
        )}
        <div className={css.choice}>
          <span>{t("ui.import.country")}</span>
          <Select
            aria-label={t("ui.import.country")}
            showSearch
            options={countryOptions(me.company.country)}
            value={country || null}
            onChange={setCountry}
          />
        </div>
      </div>
      <Remarks said={look.remarks} />
      {look.confidence < 0.8 && <p className={css.doubt}>{t("ui.import.doubt")}</p>}
      {last && !run && <p>{t("ui.import.remembered", { name: last.file_name })}</p>}
      <UnusedColumns noun={noun} look={look} mapping={mapping} use={use} />
      <ConsentWords look={look} mapping={mapping} use={use} />
      <table className={css.mapping}>
        <thead>
          <tr>
            <th scope="col">{t("ui.import.ours")}</th>
            <th scope="col">{t("ui.import.theirs")}</th>
            <th scope="col">{t("ui.import.sample")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((column) => (
            <tr key={column.name}>
              <th scope="row">
                {column.label}
                {column.required && <span className={css.needed}> {t("ui.import.needed")}</span>}
              </th>
              <td>
                <SourceInput
                  column={column}
                  headings={look.headings}
                  source={mapping[column.name]}
                  change={(source) => use(column, source)}
                />
              </td>
              <td className={css.sample}>{sampleOf(mapping[column.name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < look.columns.length && (
        <Button type="link" className={css.plain} onClick={() => setAll(true)}>
          {t("ui.form.more", { n: look.columns.length - shown.length })}
        </Button>
      )}
      {look.options.map((option) => (
        <div key={option.name} className={css.option}>
          <Checkbox
            checked={options.includes(option.name)}
            aria-describedby={`option-${option.name}`}
            onChange={({ target }) =>
              setOptions((old) => [
                ...old.filter((one) => one !== option.name),
                ...(target.checked ? [option.name] : []),
              ])
            }
          >
            {option.label}
          </Checkbox>
          <p id={`option-${option.name}`} className={css.note}>
            {option.help}
          </p>
        </div>
      ))}
      <Refusal error={check.error} />
      {lack && <p className={css.refusal}>{lack}</p>}
      <div className={css.trial}>
        <Button
          type="primary"
          disabled={Boolean(lack)}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t("ui.import.check")}
        </Button>
        <p className={css.note}>{t("ui.import.check_note")}</p>
      </div>
    </div>
  );
}
