import { Link } from "react-router";
import { useMeta } from "@/api/session";
import type { Reference, Row } from "@/api/types";
import css from "@/features/customers/customer-panel.module.css";
import { nameOf, useRow } from "@/records/data";
import { RelatedLists } from "@/records/record/related";
import { isEmpty, Value } from "@/records/values/value";

const SHOWN = ["lifecycle", "email", "phone", "city", "language", "owner", "note"];
const TOLD = ["tickets", "orders", "conversations", "holds"];

/** Who this is, what is open with them, what they bought: beside whatever concerns them. */
export function CustomerBeside({ id, without = [] }: { id: string; without?: string[] }) {
  const meta = useMeta().records.customers;
  const row = useRow("customers", id);
  if (!meta || !row.data) return null;
  return (
    <>
      <h2 className={css.name}>
        <Link to={`/customers/${id}`}>{nameOf(meta, row.data)}</Link>
      </h2>
      <dl className={css.facts}>
        {SHOWN.map((name) => {
          const field = meta.fields[name];
          if (!field || isEmpty(row.data[name])) return null;
          return (
            <div key={name}>
              <dt>{field.label}</dt>
              <dd>
                <Value field={field} value={row.data[name]} link />
              </dd>
            </div>
          );
        })}
      </dl>
      <RelatedLists
        meta={meta}
        row={row.data}
        relations={TOLD.filter((relation) => relation in meta.children && !without.includes(relation))}
      />
    </>
  );
}

/** On the page of anything that has a customer. */
export function CustomerPanel({ row, plural }: { row: Row; plural: string }) {
  const customer = row.customer as Reference | null;
  const own = Object.keys(useMeta().records[plural]?.children ?? {});
  return customer && <CustomerBeside id={customer.id} without={[plural, ...own]} />;
}
