import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Segmented } from "antd";
import { useState } from "react";
import { Navigate, useNavigate, useParams, useSearchParams } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Condition, Row } from "@/api/types";
import { BY_HAND, DEFINE, HIDDEN, type Segment } from "@/features/customers/classes";
import { PartitionEditor } from "@/features/customers/partition-editor";
import { SegmentClasses, WriteToThem } from "@/features/customers/segment-classes";
import css from "@/features/customers/segment-page.module.css";
import { Preview } from "@/features/customers/segment-preview";
import { SegmentUses } from "@/features/customers/segment-uses";
import { t } from "@/lib/words";
import { ConditionEditor } from "@/records/conditions/condition-editor";
import { isComplete } from "@/records/conditions/shape";
import { settleRow, useRow } from "@/records/data";
import { OperationButtons } from "@/records/forms/operation-buttons";
import { useRecordTitle } from "@/records/record-title";
import { ProblemNote, Refusal, Skeleton } from "@/ui/states";

type Kind = "dynamic" | "partition";

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
  return <SegmentClasses segment={segment} />;
}

/** Who belongs together: said as a condition, read as a sentence, counted and shown while one writes. */
function SegmentEditor({ segment, condition: start }: { segment?: Segment; condition: Condition }) {
  const meta = useMeta();
  const record = meta.records.customers;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(segment?.name ?? "");
  const [condition, setCondition] = useState(start);
  const [kind, setKind] = useState<Kind>("dynamic");
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
    ? segment.can?.includes(DEFINE)
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
        {!segment && (
          <Segmented<Kind>
            className={css.kind}
            aria-label={t("customers.segment.kind")}
            options={[
              { value: "dynamic", label: t("customers.segment.kind.dynamic") },
              { value: "partition", label: t("customers.segment.kind.partition") },
            ]}
            value={kind}
            onChange={setKind}
          />
        )}
        {kind === "partition" ? (
          <PartitionEditor meta={record} name={name} />
        ) : (
          <>
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
          </>
        )}
        {segment && <SegmentUses id={segment.id} />}
      </div>
      {kind === "dynamic" && <Preview condition={ready ? condition : null} />}
    </div>
  );
}
