import { Button } from "antd";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import { useMeta } from "@/api/session";
import type { RecordMeta, Reference, Row } from "@/api/types";
import { inSentence, t } from "@/lib/words";
import { nameOf, useRows } from "@/records/data";
import css from "@/records/record/related.module.css";
import { useRelations, useSlots } from "@/records/slots";
import { isEmpty, plain, Value } from "@/records/values/value";

const CreateDialog = lazy(() =>
  import("@/records/forms/create-dialog").then((m) => ({ default: m.CreateDialog })),
);
const SHOWN = 5;

/** What a related row is called and where it leads; one without a name of its own is the record it stands for. */
function calledOf(child: RecordMeta, through: string, one: Row): { name: string; to: string } {
  const to = `/${child.plural}/${one.id}`;
  const own = nameOf(child, one);
  if (own && own !== one.id) return { name: own, to };
  const other = Object.entries(child.fields).find(
    ([name, field]) => field.kind === "reference" && name !== through && !isEmpty(one[name]),
  );
  const name = (other && plain(other[1], one[other[0]])) || t("ui.value.unnamed");
  const there = other?.[1].to && `/${other[1].to}/${(one[other[0]] as Reference).id}`;
  return { name, to: there || to };
}

function RelatedList({ meta, row, relation }: { meta: RecordMeta; row: Row; relation: string }) {
  const all = useMeta();
  const declared = meta.children[relation];
  const child = declared && all.records[declared.plural];
  const list = useRows(declared?.plural ?? "", {}, `/api/${meta.plural}/${row.id}/${relation}`);
  const cells = useSlots(declared?.plural ?? "").cells;
  const [creating, setCreating] = useState(false);
  if (!child || !declared) return null;
  const { through } = declared;
  const rows = list.data?.pages[0]?.rows ?? [];
  const more = rows.length > SHOWN || Boolean(list.data?.pages[0]?.next);
  const own = child.columns.filter((name) => name !== child.title && name !== through);
  const cost = own.find((name) => child.fields[name]?.kind === "money");
  const columns = own.filter((name, at) => at < 2 || name === cost);
  const mayCreate = child.create !== null;
  const everything = `/${child.plural}?where=${encodeURIComponent(JSON.stringify({ field: through, op: "is", value: row.id }))}`;
  return (
    <section
      className={css.list}
      data-empty={list.isSuccess && rows.length === 0}
      aria-label={t("ui.value.labelled", { label: declared.label, value: nameOf(meta, row) })}
    >
      <div className={css.head}>
        <h2>{more ? <Link to={everything}>{declared.label}</Link> : declared.label}</h2>
        {mayCreate && (
          <Button
            size="small"
            type="text"
            icon={<Plus size={16} aria-hidden />}
            aria-label={t("ui.create.one", { record: inSentence(child.label.one) })}
            onClick={() => setCreating(true)}
          />
        )}
      </div>
      <ul>
        {rows
          .slice(0, SHOWN)
          .map((one) => ({ one, ...calledOf(child, through, one) }))
          .map(({ one, name, to }) => (
            <li key={one.id}>
              <Link to={to} className={css.row}>
                <span className={css.name}>{name}</span>
                <span className={css.extra}>
                  {columns.map((column) => {
                    const field = child.fields[column];
                    const cell = cells?.[column]?.(one);
                    return (
                      field &&
                      (cell ||
                        (!isEmpty(one[column]) && plain(field, one[column]) !== nameOf(meta, row))) && (
                        <span key={column}>{cell ?? <Value field={field} value={one[column]} />}</span>
                      )
                    );
                  })}
                </span>
              </Link>
            </li>
          ))}
      </ul>
      {more && (
        <Link to={everything} className={css.all}>
          {t("ui.record.all_related")}
        </Link>
      )}
      {creating && (
        <Suspense fallback={null}>
          <CreateDialog
            plural={child.plural}
            initial={{ [through]: { id: row.id, label: nameOf(meta, row) } }}
            close={() => setCreating(false)}
            done={() => void list.refetch()}
          />
        </Suspense>
      )}
    </section>
  );
}

/** What hangs together with a record: its children, a few of each, with the way to all of them. */
export function Related({ meta, row }: { meta: RecordMeta; row: Row }) {
  const records = useMeta().records;
  const { elsewhere = [] } = useSlots(meta.plural);
  const relations = useRelations(meta).filter(
    (name) => (meta.children[name]?.plural ?? "") in records && !elsewhere.includes(name),
  );
  return <RelatedLists meta={meta} row={row} relations={relations} />;
}

/** Only the named relations, in this order. */
export function RelatedLists({ meta, row, relations }: { meta: RecordMeta; row: Row; relations: string[] }) {
  if (!relations.length) return null;
  return (
    <div className={css.related}>
      {relations.map((relation) => (
        <RelatedList key={relation} meta={meta} row={row} relation={relation} />
      ))}
    </div>
  );
}
