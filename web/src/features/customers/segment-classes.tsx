import { Button } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useMeta } from "@/api/session";
import type { Condition } from "@/api/types";
import { BY_HAND, DEFINE, HIDDEN, type Segment, useClassNames } from "@/features/customers/classes";
import { PartitionEditor } from "@/features/customers/partition-editor";
import css from "@/features/customers/segment-page.module.css";
import { SegmentUses } from "@/features/customers/segment-uses";
import { formatNumber } from "@/lib/format";
import { t } from "@/lib/words";
import { describe } from "@/records/conditions/sentence";
import { useCount } from "@/records/data";
import { OperationButtons } from "@/records/forms/operation-buttons";

/** The next act with those who belong together. */
export function WriteToThem({ segment }: { segment: Segment }) {
  const navigate = useNavigate();
  if (!useMeta().records.strategies?.create) return null;
  return (
    <Button onClick={() => navigate(`/strategies/new?segment=${segment.id}`)}>{t("ui.segment.write")}</Button>
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
export function SegmentClasses({ segment }: { segment: Segment }) {
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
  const { said } = useClassNames();
  const [changing, setChanging] = useState(false);
  const label = (name: string) =>
    record?.fields[segment.key]?.choices?.find(({ value }) => value === name)?.label ?? said(name);
  const hidden = segment.kind === "static" ? HIDDEN : [...HIDDEN, ...BY_HAND];
  return (
    <div className={css.page}>
      <div className={css.main}>
        <div className={css.head}>
          <h2 className={css.name}>{segment.name}</h2>
          <span className={css.acts}>
            {segment.kind === "static" && <WriteToThem segment={segment} />}
            {segment.kind === "partition" && !changing && segment.can?.includes(DEFINE) && (
              <Button onClick={() => setChanging(true)}>{t("ui.segment.change_classes")}</Button>
            )}
            <OperationButtons plural="segments" row={segment} hide={hidden} shown={1} />
          </span>
        </div>
        {typeof segment.description === "string" && segment.description && (
          <p className={css.help}>{segment.description}</p>
        )}
        {segment.kind === "static" && (
          <Link to={people(members)}>{t("ui.segment.members", { n: Number(segment.size ?? 0) })}</Link>
        )}
        {changing && record && (
          <PartitionEditor meta={record} segment={segment} close={() => setChanging(false)} />
        )}
        {segment.kind === "partition" && !changing && (
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
        <SegmentUses id={segment.id} />
      </div>
    </div>
  );
}
