import { Button, Segmented } from "antd";
import { History } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Navigate, useParams, useSearchParams } from "react-router";
import { Problem } from "@/api/client";
import { useRecordMeta } from "@/api/session";
import type { RecordMeta } from "@/api/types";
import { useKeys } from "@/lib/keys";
import { usePhone } from "@/lib/use-phone";
import { t } from "@/lib/words";
import { firstWritable, nameOf, useRow } from "@/records/data";
import { OperationButtons } from "@/records/forms/operation-buttons";
import { Facts } from "@/records/record/facts";
import css from "@/records/record/record-page.module.css";
import { RecordSkeleton } from "@/records/record/record-skeleton";
import { Related } from "@/records/record/related";
import { Timeline } from "@/records/record/timeline";
import { useRecordTitle } from "@/records/record-title";
import { useSlots } from "@/records/slots";
import { ProblemNote, Skeleton } from "@/ui/states";

const HistoryDrawer = lazy(() =>
  import("@/records/record/history-drawer").then((m) => ({ default: m.HistoryDrawer })),
);

/** The page of whatever record the address names. */
export function RecordRoute() {
  const { plural = "", id = "" } = useParams();
  const meta = useRecordMeta(plural);
  if (!meta) return <Navigate to="/not-found" replace />;
  return <RecordPage key={`${plural}/${id}`} meta={meta} id={id} />;
}

type Part = "talk" | "facts" | "story" | "related";

export function RecordPage({ meta, id }: { meta: RecordMeta; id: string }) {
  const row = useRow(meta.plural, id);
  const phone = usePhone();
  const slots = useSlots(meta.plural);
  const [params, setParams] = useSearchParams();
  const [history, setHistory] = useState(false);
  const [chosen, setPart] = useState<Part | null>(null);
  const editing = params.get("edit");
  const edit = (name: string | null) => setParams(name ? { edit: name } : {}, { replace: true });
  const name = nameOf(meta, row.data);
  useRecordTitle(meta.plural, name);
  useKeys({
    e: (event) => {
      event.preventDefault();
      edit(firstWritable(meta) ?? null);
    },
    h: () => setHistory(true),
  });
  if (row.isPending) return <RecordSkeleton meta={meta} />;
  if (row.isError) {
    if (row.error instanceof Problem && row.error.status === 404) return <Navigate to="/not-found" replace />;
    return <ProblemNote error={row.error} retry={() => void row.refetch()} />;
  }
  const Head = slots.head;
  const Main = slots.main;
  const Acts = slots.acts;
  const Talk = slots.talk;
  const beside = Boolean(slots.panels) || Object.keys(meta.children).length > 0;
  const story = meta.story || Boolean(Main);
  const has: Record<Part, boolean> = { talk: Boolean(Talk), story, facts: true, related: beside };
  const parts = (["talk", "story", "facts", "related"] as const).filter((which) => has[which]);
  // Where nothing above the parts says what it is, a phone begins with the facts.
  const part = chosen ?? (Talk || Head || Main ? parts[0] : "facts");
  const middle = Talk && chosen !== "story" ? "talk" : "story";
  const show = (which: Part) =>
    has[which] && (phone ? part === which : which === middle || which === "facts" || which === "related");
  const choice = (among: readonly Part[], block: boolean) => (
    <Segmented<Part>
      block={block}
      className={css.parts}
      aria-label={name || meta.label.one}
      options={among.map((value) => ({
        value,
        label: value === "story" && Main ? meta.label.one : t(`ui.record.${value}`),
      }))}
      value={block ? (part ?? middle) : middle}
      onChange={setPart}
    />
  );
  const inMiddle = !phone && Talk && choice(["talk", "story"], false);
  return (
    <div className={css.record}>
      <header className={css.head}>
        <h2 className={css.name}>{name || t("ui.value.unnamed")}</h2>
        <div className={css.actions}>
          {Acts && <Acts row={row.data} plural={meta.plural} />}
          <OperationButtons plural={meta.plural} row={row.data} shown={phone ? 1 : 3} />
          <Button
            type="text"
            icon={<History size={16} aria-hidden />}
            onClick={() => setHistory(true)}
            aria-label={t("ui.record.history")}
            title={t("ui.record.history")}
          />
        </div>
      </header>
      {phone && Head && (
        <div className={css.top}>
          <Head row={row.data} plural={meta.plural} />
        </div>
      )}
      {phone && parts.length > 1 && choice(parts, true)}
      <div className={css.columns} data-beside={beside} data-story={story}>
        {show("facts") && (
          <div className={css.left}>
            {Head && !phone && <Head row={row.data} plural={meta.plural} />}
            <Facts meta={meta} row={row.data} editing={editing} edit={edit} />
          </div>
        )}
        {Talk && show("talk") && (
          <div className={css.talk}>
            {inMiddle}
            <Talk row={row.data} plural={meta.plural} />
          </div>
        )}
        {show("story") && (
          <div className={css.middle}>
            {Main ? (
              <Suspense fallback={<Skeleton lines={10} />}>
                <Main row={row.data} plural={meta.plural} />
              </Suspense>
            ) : (
              <Timeline plural={meta.plural} id={id} title={inMiddle} />
            )}
          </div>
        )}
        {show("related") && (
          <div className={css.right}>
            {slots.panels?.map(({ key, show: Panel }) => (
              <Panel key={key} row={row.data} plural={meta.plural} />
            ))}
            <Related meta={meta} row={row.data} />
          </div>
        )}
      </div>
      <Suspense fallback={null}>
        {history && <HistoryDrawer meta={meta} id={id} close={() => setHistory(false)} />}
      </Suspense>
    </div>
  );
}
