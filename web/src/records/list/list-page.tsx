import { Button } from "antd";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Navigate, useNavigate, useNavigationType, useParams } from "react-router";
import { useRecordMeta } from "@/api/session";
import type { RecordMeta, Row } from "@/api/types";
import { useKeys } from "@/lib/keys";
import { usePhone } from "@/lib/use-phone";
import { t } from "@/lib/words";
import { firstWritable, useCount, useRows } from "@/records/data";
import { BulkBar } from "@/records/list/bulk-bar";
import { useJump } from "@/records/list/jump-menu";
import { ListHead } from "@/records/list/list-head";
import { ListName } from "@/records/list/list-name";
import css from "@/records/list/list-page.module.css";
import { ListSkeleton } from "@/records/list/list-skeleton";
import { useColumns, useListState } from "@/records/list/list-state";
import { NoRows } from "@/records/list/no-rows";
import { RecordCards } from "@/records/list/record-cards";
import { RecordTable } from "@/records/list/record-table";
import { useNews } from "@/records/list/use-news";
import { FactsSkeleton } from "@/records/record/record-skeleton";
import { useSlots } from "@/records/slots";
import { usePageTitle } from "@/ui/page-title";
import { ProblemNote } from "@/ui/states";

const Peek = lazy(() => import("@/records/record/peek").then((m) => ({ default: m.Peek })));
const CreateDialog = lazy(() =>
  import("@/records/forms/create-dialog").then((m) => ({ default: m.CreateDialog })),
);

/** The row from which one went into its record, by kind: on the way back the keyboard stands there again. */
const left = new Map<string, string>();

/** The list of whatever kind of record the address names. */
export function ListRoute() {
  const { plural = "" } = useParams();
  const meta = useRecordMeta(plural);
  if (!meta) return <Navigate to="/not-found" replace />;
  return <ListPage key={plural} meta={meta} />;
}

export function ListPage({ meta }: { meta: RecordMeta }) {
  const { plural } = meta;
  const phone = usePhone();
  const slots = useSlots(plural);
  const state = useListState();
  const navigate = useNavigate();
  const [columns, setColumns] = useColumns(meta, slots.columns);
  const wish = useMemo(
    () => ({ where: state.where, sort: state.sort, q: state.q, view: state.view }),
    [state.where, state.sort, state.q, state.view],
  );
  const [from, jump] = useJump(wish);
  const list = useRows(plural, wish, undefined, true, from);
  const [body, news, show] = useNews(plural, list.refetch);
  const count = useCount(plural, wish);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  const [at, setAt] = useState(-1);
  const [named, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [everything, setEverything] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [creating, setCreating] = useState(false);
  const mayCreate = meta.create !== null;
  const Create = slots.create ?? CreateDialog;

  const place = slots.place && t(`ui.place.${slots.place}`);
  const said = `${meta.label.many} ${count.data?.n ?? ""}`.trim();
  usePageTitle(
    place && place !== meta.label.many ? `${place} · ${said}` : said,
    place ?? <ListName meta={meta} count={count.data} />,
  );

  const choose = useCallback((ids: string[]) => {
    setChosen(new Set(ids));
    setEverything(false);
    if (!ids.length) setChoosing(false);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question or place starts with nothing chosen
  useEffect(() => {
    choose([]);
    setAt(-1);
  }, [JSON.stringify(wish), from]);

  const startCreating = () => (slots.createAt ? navigate(slots.createAt) : setCreating(true));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const chosen = useMemo(
    () => (everything ? new Set(rows.map(({ id }) => id)) : named),
    [everything, rows, named],
  );
  const latest = useRef(chosen);
  latest.current = chosen;
  const toggle = useCallback((id: string) => {
    const next = new Set(latest.current);
    if (!next.delete(id)) next.add(id);
    setEverything(false);
    setChosen(next);
  }, []);
  const ticked = useMemo(() => rows.filter((row) => chosen.has(row.id)), [rows, chosen]);
  const all = count.data?.exact ? count.data.n : 0;
  // A phone has no head above its cards that ticks what is loaded.
  const beyond = all > ticked.length && (phone || ticked.length === rows.length);
  const back = useNavigationType() === "POP";
  useEffect(() => {
    const index = back ? rows.findIndex(({ id }) => id === left.get(plural)) : -1;
    if (index < 0) return;
    left.delete(plural);
    setAt(index);
  }, [back, rows, plural]);
  const leave = useCallback(
    (row: Row, to: string) => {
      left.set(plural, row.id);
      navigate(`/${plural}/${row.id}${to}`);
    },
    [navigate, plural],
  );
  const open = useCallback((row: Row) => leave(row, ""), [leave]);
  const peek = useCallback((row: Row | undefined) => state.set({ peek: row?.id ?? null }), [state]);
  const move = (step: number) => {
    const next = Math.min(Math.max(at + step, 0), rows.length - 1);
    setAt(next);
    if (state.peek && rows[next]) peek(rows[next]);
  };
  const current = rows[at];
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: (event) => {
      event.preventDefault();
      move(1);
    },
    ArrowUp: (event) => {
      event.preventDefault();
      move(-1);
    },
    Enter: (event) => {
      if (
        current &&
        !(event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement)
      )
        open(current);
    },
    " ": (event) => {
      if (!current || event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      peek(state.peek === current.id ? undefined : current);
    },
    x: () => current && toggle(current.id),
    e: (event) => {
      if (chosen.size) return; // then it edits all of them
      event.preventDefault();
      if (current) leave(current, `?edit=${firstWritable(meta) ?? ""}`);
    },
    Escape: () => (chosen.size ? choose([]) : peek(undefined)),
  });

  const asked = Boolean(state.where || state.q || state.view);
  const content = list.isPending ? (
    <ListSkeleton {...{ meta, columns }} />
  ) : list.isError ? (
    <ProblemNote error={list.error} retry={() => void list.refetch()} />
  ) : rows.length === 0 ? (
    <NoRows
      meta={meta}
      showAll={asked ? () => state.set({ where: null, q: null, view: null }) : undefined}
      create={mayCreate ? startCreating : undefined}
    />
  ) : phone ? (
    <RecordCards
      key={from}
      {...{ meta, columns, rows, more, chosen, toggle }}
      cells={slots.cells}
      choosing={choosing || chosen.size > 0}
    />
  ) : (
    <RecordTable
      key={from}
      {...{ meta, columns, rows, at, chosen, toggle, more }}
      cells={slots.cells}
      chooseAll={(all) => choose(all ? rows.map((row) => row.id) : [])}
      sort={state.sort}
      setSort={(sort) => state.set({ sort })}
      peeked={state.peek}
      peek={(row, index) => {
        setAt(index);
        peek(row);
      }}
      busy={list.isFetching}
    />
  );
  return (
    <div className={css.page} data-peek={Boolean(state.peek) && !phone}>
      <div className={css.list}>
        <ListHead
          meta={meta}
          state={state}
          columns={columns}
          setColumns={setColumns}
          count={count.data}
          create={mayCreate && !(list.isSuccess && !asked && rows.length === 0) ? startCreating : undefined}
          choosing={choosing || chosen.size > 0}
          places={from || list.hasNextPage ? { wish, from, jump } : undefined}
          some={rows.length > 0}
          setChoosing={(on) => (on ? setChoosing(true) : choose([]))}
        />
        <div ref={body} className={css.body} data-chosen={ticked.length > 0}>
          {news && (
            <Button size="small" shape="round" className={css.news} onClick={show}>
              {t("ui.list.news")}
            </Button>
          )}
          {from && (
            <Button size="small" shape="round" className={css.top} onClick={() => jump(null)}>
              {t("ui.list.top")}
            </Button>
          )}
          {content}
        </div>
        {ticked.length > 0 && (
          <BulkBar
            meta={meta}
            rows={ticked}
            found={everything ? { found: { where: state.where, q: state.q } } : null}
            count={count.data}
            chooseFound={beyond && !everything ? () => setEverything(true) : undefined}
            choose={choose}
          />
        )}
      </div>
      {state.peek && !phone && (
        <Suspense fallback={<FactsSkeleton />}>
          <Peek key={state.peek} meta={meta} id={state.peek} close={() => peek(undefined)} />
        </Suspense>
      )}
      <Suspense fallback={null}>
        {creating && <Create plural={plural} close={() => setCreating(false)} done={open} />}
      </Suspense>
    </div>
  );
}
