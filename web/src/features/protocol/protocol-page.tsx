import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Segmented, Select } from "antd";
import { lazy, Suspense, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import { VersionChanges } from "@/features/protocol/changes";
import { ClauseView } from "@/features/protocol/clause-view";
import { heldAgainst, type ProtocolPageData, type Span } from "@/features/protocol/data";
import { Gaps } from "@/features/protocol/gaps";
import css from "@/features/protocol/protocol-page.module.css";
import { VersionActions } from "@/features/protocol/version-actions";
import { formatDay, formatMoment, formatPeriod } from "@/lib/format";
import { usePhone } from "@/lib/use-phone";
import { t } from "@/lib/words";
import { useRows } from "@/records/data";
import { usePageTitle } from "@/ui/page-title";
import { Empty, ProblemNote, Skeleton } from "@/ui/states";

const PasteText = lazy(() =>
  import("@/features/protocol/paste-text").then((m) => ({ default: m.PasteText })),
);

const FIRST = { sort: "created_at" };

/** What the company promises, as a document, with beside each promise whether it is kept. */
export function ProtocolPage() {
  const { id } = useParams();
  const protocols = useRows("protocols", FIRST);
  const chosen = id ?? protocols.data?.pages[0]?.rows[0]?.id;
  usePageTitle(t("ui.place.protocol"));
  if (protocols.isPending) return <Skeleton lines={12} />;
  if (protocols.isError)
    return <ProblemNote error={protocols.error} retry={() => void protocols.refetch()} />;
  const rows = protocols.data.pages.flatMap((page) => page.rows);
  if (!chosen)
    return (
      <Empty title={t("ui.protocol.none")} text={t("ui.protocol.none_text")}>
        <PasteFirst />
      </Empty>
    );
  return <Protocol key={chosen} id={chosen} others={rows} />;
}

/** In a house without a protocol: the way in for the one a company already has. */
function PasteFirst() {
  const may = "protocols.protocol.load" in useMeta().operations;
  const [pasting, setPasting] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button type="primary" onClick={() => setPasting(true)}>
        {t("ui.protocol.paste")}
      </Button>
      {pasting && (
        <Suspense fallback={null}>
          <PasteText close={() => setPasting(false)} drafted={() => undefined} />
        </Suspense>
      )}
    </>
  );
}

function Protocol({ id, others }: { id: string; others: Row[] }) {
  const navigate = useNavigate();
  const phone = usePhone();
  const [params, setParams] = useSearchParams();
  const label = useMeta().records.versions?.fields.status?.choices;
  const span = (params.get("span") as Span | null) ?? "month";
  const version = params.get("version");
  const page = useQuery({
    queryKey: ["measures", "protocol", id, span, version],
    queryFn: ({ signal }) =>
      api.get<ProtocolPageData>(`/api/protocols/${id}/page`, { span, version }, signal),
    placeholderData: keepPreviousData,
  });
  const set = (values: Record<string, string | null>) =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      for (const [name, value] of Object.entries(values)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    });
  if (page.isPending) return <Skeleton lines={12} />;
  if (page.isError) return <ProblemNote error={page.error} retry={() => void page.refetch()} />;
  const { protocol, versions, period, states, sections } = page.data;
  const shown = page.data.version;
  const status = (value: string) => label?.find((choice) => choice.value === value)?.label ?? value;
  const choices = versions.map((one) => ({
    value: String(one.number),
    label: t("ui.protocol.version_line", { number: one.number, status: status(one.status) }),
  }));
  const against = heldAgainst(shown, versions);
  const compared = params.get("compare");
  const compare = against !== null && {
    key: "compare",
    label: t(compared === null ? "ui.protocol.changes" : "ui.protocol.changes_back"),
    run: () => set({ compare: compared === null ? String(against) : null }),
  };
  const unmeasured = states.not_measured + states.hidden;
  return (
    <div className={css.page}>
      <header className={css.head}>
        <div className={css.intro}>
          <h2 className={css.name}>{protocol.name}</h2>
          {protocol.goal && <p className={css.goal}>{protocol.goal}</p>}
          {page.data.example && (
            <p className={css.example} role="note">
              <strong>{t("ui.protocol.example")}</strong>
              {t("ui.protocol.example_what")}
            </p>
          )}
          <p className={css.facts}>
            {shown?.published_at && (
              <span>
                {t("ui.protocol.in_force", { number: shown.number, at: formatMoment(shown.published_at) })}
              </span>
            )}
            {protocol.next_review_on && (
              <span data-due={protocol.review_due}>
                {t("ui.protocol.review", { on: formatDay(protocol.next_review_on) })}
              </span>
            )}
          </p>
        </div>
        <dl className={css.states}>
          <div data-tone={states.kept ? "kept" : "plain"}>
            <dd>{states.kept}</dd>
            <dt>{t("ui.protocol.kept")}</dt>
          </div>
          <div data-tone={states.missed ? "broken" : "plain"}>
            <dd>{states.missed}</dd>
            <dt>{t("ui.protocol.missed")}</dt>
          </div>
          <div>
            <dd>{states.no_cases}</dd>
            <dt>{t("ui.protocol.no_cases")}</dt>
          </div>
          <div>
            <dd>{unmeasured}</dd>
            <dt>{t("ui.protocol.not_measured")}</dt>
          </div>
        </dl>
      </header>
      <div className={css.tools}>
        <Segmented<Span>
          aria-label={t("ui.protocol.period")}
          options={(["month", "quarter", "year"] as const).map((value) => ({
            value,
            label: t(`ui.protocol.span_${value}`),
          }))}
          value={span}
          onChange={(value) => set({ span: value })}
        />
        <span className={css.period}>{formatPeriod(period.from, period.to, period.zone)}</span>
        <div className={css.acts}>
          {others.length > 1 && (
            <Select
              aria-label={t("ui.protocol.which")}
              popupMatchSelectWidth={false}
              className={css.which}
              value={id}
              options={others.map((one) => ({ value: one.id, label: String(one.name) }))}
              onChange={(value) => void navigate(`/protocol/${value}`)}
            />
          )}
          {versions.length > 1 && (
            <Select
              aria-label={t("ui.protocol.version")}
              popupMatchSelectWidth={false}
              value={shown ? String(shown.number) : null}
              options={choices}
              onChange={(value) => set({ version: value, compare: null })}
            />
          )}
          {compare && (!phone || compared !== null) && <Button onClick={compare.run}>{compare.label}</Button>}
          <VersionActions
            protocol={protocol}
            version={shown}
            chosen={(number) => set({ version: number, compare: null })}
            more={compare && compared === null ? [compare] : []}
          />
        </div>
      </div>
      <div className={css.document} aria-busy={page.isFetching}>
        {compared !== null && shown ? (
          <>
            <p className={css.against}>
              {t("ui.protocol.changes_from")}
              <Select
                size="small"
                aria-label={t("ui.protocol.changes_from")}
                popupMatchSelectWidth={false}
                value={compared}
                options={choices.filter(({ value }) => value !== String(shown.number))}
                onChange={(value) => set({ compare: value })}
              />
            </p>
            <VersionChanges protocol={id} from={Number(compared)} to={shown.number} />
          </>
        ) : (
          <>
            <Gaps
              protocol={id}
              gaps={page.data.gaps}
              versions={versions}
              chosen={(number) => set({ version: number, compare: null })}
            />
            <Sections sections={sections} draft={shown?.status === "draft"} />
          </>
        )}
      </div>
    </div>
  );
}

function Sections({ sections, draft }: { sections: ProtocolPageData["sections"]; draft: boolean }) {
  return sections.map(({ section, clauses }) => (
    <section key={section} aria-labelledby={`section-${section}`}>
      <h3 id={`section-${section}`} className={css.section}>
        {t(`protocols.clause.section.${section}`)}
      </h3>
      {clauses.map((clause) => (
        <ClauseView key={clause.id} clause={clause} section={section} draft={draft} />
      ))}
    </section>
  ));
}
