import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Segmented, Select } from "antd";
import { Upload } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { type ImportRun, type Look, sendFile } from "@/features/imports/data";
import css from "@/features/imports/imports.module.css";
import { MappingForm } from "@/features/imports/mapping-form";
import { rowsIn } from "@/features/imports/paste";
import { lastLike } from "@/features/imports/remembered";
import { usePhone } from "@/lib/use-phone";
import { t } from "@/lib/words";
import { rowQuery } from "@/records/data";
import { usePageTitle } from "@/ui/page-title";
import { ProblemNote, Refusal, Skeleton } from "@/ui/states";
import { TextArea } from "@/ui/text-area";

type Noun = { noun: string; label: string };

/** First the file, then what its columns mean; what is in the address can be opened again. */
export function ImportPage() {
  const [params, setParams] = useSearchParams();
  usePageTitle(t("ui.import.title"));
  const navigate = useNavigate();
  const file = params.get("file");
  const noun = params.get("noun");
  if (file && noun)
    return (
      <Known
        key={file}
        file={file}
        noun={noun}
        name={params.get("name") ?? file}
        run={params.get("run")}
        sheet={params.get("sheet") ?? ""}
        setSheet={(sheet) => setParams({ noun, file, sheet, name: params.get("name") ?? file })}
        again={() => setParams({ noun })}
      />
    );
  return (
    <Drop
      noun={noun}
      paste={params.has("paste")}
      taken={(path) => void navigate(path)}
      choose={(next) => setParams({ noun: next })}
    />
  );
}

type KnownProps = {
  file: string;
  noun: string;
  name: string;
  run: string | null;
  sheet: string;
  setSheet: (sheet: string) => void;
  again: () => void;
};

/** A file that was taken: how its columns were chosen before, for it or for the last one like it, else as suggested. */
function Known({ file, noun, name, run, sheet, setSheet, again }: KnownProps) {
  const [chosen, setEncoding] = useState("");
  const before = useQuery({ ...rowQuery("imports", run ?? ""), enabled: Boolean(run) });
  const own = run ? (before.data as ImportRun | undefined) : undefined;
  const encoding = chosen || (own?.encoding ?? "");
  const look = useQuery({
    enabled: !run || !before.isPending,
    queryKey: ["import", noun, file, encoding, sheet],
    queryFn: ({ signal }) => api.get<Look>("/api/imports/look", { noun, file, encoding, sheet }, signal),
    placeholderData: (old) => old,
  });
  const last = useQuery({
    // letters say nothing of the columns: what stood under them the last time may stand elsewhere now
    enabled: !run && look.data?.headless === false,
    queryKey: ["import", "last", noun, look.data?.headings],
    queryFn: ({ signal }) => lastLike(noun, look.data as Look, signal),
    staleTime: 0,
    retry: false,
  });
  if (look.isError) {
    return (
      <div className={css.page}>
        <ProblemNote error={look.error} retry={again} />
      </div>
    );
  }
  if (look.isPending || (!run && !look.data.headless && last.isPending)) return <Skeleton lines={10} />;
  return (
    <MappingForm
      key={`${look.data.file}${look.data.encoding}`}
      look={look.data}
      noun={noun}
      name={name}
      run={own}
      last={last.data ?? undefined}
      again={again}
      setEncoding={setEncoding}
      setSheet={setSheet}
    />
  );
}

function Drop({
  noun,
  paste,
  taken,
  choose,
}: {
  noun: string | null;
  /** Whether somebody came to paste. */
  paste: boolean;
  taken: (path: string) => void;
  choose: (noun: string) => void;
}) {
  const nouns = useQuery({
    queryKey: ["import", "nouns"],
    queryFn: () => api.get<Noun[]>("/api/imports/nouns"),
  });
  const phone = usePhone();
  const [over, setOver] = useState(false);
  const [pasted, setPasted] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const known = nouns.data?.find((one) => one.noun === noun) ?? nouns.data?.[0];
  const chosen = known?.noun ?? "";
  const upload = useMutation({
    mutationFn: ({ file, rows }: { file: File; rows?: boolean }) => sendFile(chosen, file, rows),
    onSuccess: taken,
  });
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) upload.mutate({ file });
  };
  if (nouns.isPending) return <Skeleton />;
  if (nouns.isError) return <ProblemNote error={nouns.error} retry={() => void nouns.refetch()} />;
  const options = nouns.data.map((one) => ({ value: one.noun, label: one.label }));
  return (
    <div className={css.page}>
      <p className={css.lead}>{t("ui.import.lead")}</p>
      {phone ? (
        <Select
          aria-label={t("ui.import.what")}
          className={css.full}
          options={options}
          value={chosen}
          onChange={choose}
        />
      ) : (
        <Segmented aria-label={t("ui.import.what")} options={options} value={chosen} onChange={choose} />
      )}
      <button
        type="button"
        className={css.drop}
        data-over={over}
        disabled={upload.isPending}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Upload size={24} strokeWidth={1.5} aria-hidden />
        <strong>{upload.isPending ? t("ui.import.reading") : t("ui.import.drop")}</strong>
        <span>{t("ui.import.kinds")}</span>
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".xlsx,.xlsm,.csv,.tsv,.txt,.gz"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) upload.mutate({ file });
          event.target.value = "";
        }}
      />
      <Refusal error={upload.error} />
      <h2>{t("ui.import.or_paste")}</h2>
      <TextArea
        aria-label={t("ui.import.or_paste")}
        least={5}
        autoFocus={paste}
        className={css.paste}
        value={pasted}
        onChange={(event) => setPasted(event.target.value)}
        placeholder={t("ui.import.paste_hint")}
      />
      <div>
        <Button
          disabled={pasted.trim().split("\n").length < 2}
          loading={upload.isPending}
          onClick={() => upload.mutate({ file: rowsIn(pasted), rows: true })}
        >
          {t("ui.import.take_pasted")}
        </Button>
      </div>
    </div>
  );
}
