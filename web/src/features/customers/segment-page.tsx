import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { Link, Navigate, useNavigate, useParams, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Condition, Row } from "@/api/types";
import css from "@/features/customers/segment-page.module.css";
import { Preview } from "@/features/customers/segment-preview";
import { formatNumber } from "@/lib/format";
import { t } from "@/lib/words";
import { ConditionEditor } from "@/records/conditions/condition-editor";
import { describe } from "@/records/conditions/sentence";
import { isComplete } from "@/records/conditions/shape";
import { settleRow, useCount, useRow } from "@/records/data";
import { OperationButtons } from "@/records/forms/operation-buttons";
import { useRecordTitle } from "@/records/record-title";
import { ProblemNote, Refusal, Skeleton } from "@/ui/states";

type SegmentClass = { class: string; condition: Condition };
type Segment = Row & {
  name: string;
  kind: "dynamic" | "static" | "partition";
  condition: Condition | null;
  classes: SegmentClass[];
  otherwise: string;
};

const BY_HAND = ["customers.segment.add_members", "customers.segment.remove_members"];
const HIDDEN = ["customers.segment.define", "customers.segment.put"];

/** The condition somebody came with from a list, or an empty one. */
function begun(text: string | null): Condition {
  try {
    return text ? (JSON.parse(text) as Condition) : { and: [] };
  } catch {
    return { and: [] };
  }
}

export function NewSegmentPage() {
  const [params] = useSearchParams();
  useRecordTitle("segments", t("ui.segment.new"));
  return <SegmentEditor condition={begun(params.get("where"))} />;
}

export function SegmentPage() {
  const { id = "" } = useParams();
  const row = useRow("segments", id);
  useRecordTitle("segments", row.data?.label);
  if (row.isPending) return <Skeleton lines={9} />;
  if (row.isError) return <ProblemNote error={row.error} retry={() => void row.refetch()} />;
  const segment = row.data as Segment;
  if (segment.kind === "dynamic")
    return <SegmentEditor key={segment.id} segment={segment} condition={segment.condition ?? { and: [] }} />;
  return <Classes segment={segment} />;
}

/** The next act with those who belong together. */
function WriteToThem({ segment }: { segment: Segment }) {
  const navigate = useNavigate();
  if (!useMeta().records.strategies?.create) return null;
  return (
    <Button onClick={() => navigate(`/strategies/new?segment=${segment.id}`)}>{t("ui.segment.write")}</Button>
  );
}

/** Who belongs together: said as a condition, read as a sentence, counted and shown while one writes. */
function SegmentEditor({ segment, condition: start }: { segment?: Segment; condition: Condition }) {
  const meta = useMeta();
  const record = meta.records.customers;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(segment?.name ?? "");
  const [condition, setCondition] = useState(start);
  const parts = "and" in condition ? condition.and : "or" in condition ? condition.or : [condition];
  const ready = parts.length > 0 && isComplete(condition);
  const changed = JSON.stringify(condition) !== JSON.stringify(start);
  const save = useMutation({
    mutationFn: async () => {
      if (!segment) return api.post<Row>("/api/segments", { name: name.trim(), kind: "dynamic", condition });
      return api.post<Row>(`/api/segments/${segment.id}/define`, { condition });
    },
    onSuccess: (row) => {
      settleRow(client, "segments", row);
      if (!segment) navigate(`/segments/${row.id}`, { replace: true });
    },
  });
  if (!record) return <Navigate to="/not-found" replace />;
  const mayWrite = segment
    ? segment.can?.includes("customers.segment.define")
    : record !== undefined && meta.records.segments?.create !== null;
  return (
    <div className={css.page}>
      <div className={css.main}>
        <div className={css.head}>
          {segment ? (
            <h2 className={css.name}>{segment.name}</h2>
          ) : (
            <Input
              size="large"
              autoFocus
              value={name}
              onChange={(event) => setName(event.target.value)}
              placeholder={t("ui.segment.name")}
              aria-label={t("ui.segment.name")}
            />
          )}
          {segment && (
            <span className={css.acts}>
              <WriteToThem segment={segment} />
              <OperationButtons plural="segments" row={segment} hide={[...HIDDEN, ...BY_HAND]} shown={0} />
            </span>
          )}
        </div>
        <h2>{t("ui.segment.who")}</h2>
        <ConditionEditor meta={record} value={condition} change={setCondition} />
        <div className={css.save}>
          <Button
            type="primary"
            disabled={!mayWrite || !ready || (segment ? !changed : !name.trim())}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {t(segment ? "ui.do.save" : "ui.segment.create")}
          </Button>
          <Refusal error={save.error} />
        </div>
      </div>
      <Preview condition={ready ? condition : null} />
    </div>
  );
}

/** A class by its name, and how many are in it. */
function Class({ to, where, label }: { to: string; where: Condition; label: string }) {
  const count = useCount("customers", { where });
  return (
    <Link to={to} className={css.class}>
      {label}
      {count.data && (
        <span>
          {formatNumber(count.data.n)}
          {!count.data.exact && "+"}
        </span>
      )}
    </Link>
  );
}

/** A segment with classes, or one kept by hand: read here, with the way to its people. */
function Classes({ segment }: { segment: Segment }) {
  const meta = useMeta();
  const record = meta.records.customers;
  const members: Condition = {
    related: "memberships",
    aggregate: "exists",
    where: { field: "segment", op: "is", value: segment.id },
  };
  const inClass = (name: string): Condition => ({
    related: "memberships",
    aggregate: "exists",
    where: {
      and: [
        { field: "segment", op: "is", value: segment.id },
        { field: "class_name", op: "is", value: name },
      ],
    },
  });
  const people = (condition: Condition) =>
    `/customers?where=${encodeURIComponent(JSON.stringify(condition))}`;
  const label = (name: string) =>
    record?.fields[String(segment.key)]?.choices?.find(({ value }) => value === name)?.label ?? name;
  const hidden = segment.kind === "static" ? HIDDEN : [...HIDDEN, ...BY_HAND];
  return (
    <div className={css.page}>
      <div className={css.main}>
        <div className={css.head}>
          <h2 className={css.name}>{segment.name}</h2>
          <span className={css.acts}>
            {segment.kind === "static" && <WriteToThem segment={segment} />}
            <OperationButtons plural="segments" row={segment} hide={hidden} shown={1} />
          </span>
        </div>
        {typeof segment.description === "string" && segment.description && (
          <p className={css.help}>{segment.description}</p>
        )}
        {segment.kind === "static" && (
          <Link to={people(members)}>{t("ui.segment.members", { n: Number(segment.size ?? 0) })}</Link>
        )}
        {segment.kind === "partition" && (
          <ol className={css.classes}>
            {segment.classes.map((one) => (
              <li key={one.class}>
                <Class to={people(inClass(one.class))} where={inClass(one.class)} label={label(one.class)} />
                <p>{record && describe(meta, record, one.condition)}</p>
              </li>
            ))}
            <li>
              <Class
                to={people(inClass(segment.otherwise))}
                where={inClass(segment.otherwise)}
                label={label(segment.otherwise)}
              />
              <p>{t("ui.segment.otherwise")}</p>
            </li>
          </ol>
        )}
      </div>
    </div>
  );
}
