import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useMeta } from "@/api/session";
import type { Conversation } from "@/features/inbox/data";
import css from "@/features/inbox/side.module.css";
import { t } from "@/lib/words";
import { nameOf, useRow } from "@/records/data";
import { useOperation } from "@/records/forms/operation-buttons";
import { OperationDialog } from "@/records/forms/operation-dialog";
import { RelatedLists } from "@/records/record/related";
import { useSlots } from "@/records/slots";
import { isEmpty, Value } from "@/records/values/value";

const SHOWN = ["lifecycle", "email", "phone", "city", "language", "owner", "note"];
const TOLD = ["tickets", "orders", "conversations", "holds"];

/** Who this is, what is open with them, what they bought. */
function CustomerSide({ id }: { id: string }) {
  const meta = useMeta().records.customers;
  const row = useRow("customers", id);
  const Head = useSlots("customers").head;
  if (!meta || !row.data) return null;
  return (
    <>
      <h2 className={css.name}>
        <Link to={`/customers/${id}`}>{nameOf(meta, row.data)}</Link>
      </h2>
      {Head && <Head row={row.data} plural="customers" />}
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
        relations={TOLD.filter((relation) => relation in meta.children)}
      />
    </>
  );
}

function Unknown({ conversation }: { conversation: Conversation }) {
  const name = "channels.conversation.attach_customer";
  const operation = useMeta().operations[name];
  const run = useOperation("conversations", conversation);
  const [asking, setAsking] = useState(false);
  return (
    <div className={css.unknown}>
      <h2>{conversation.with_name || t("ui.inbox.unknown")}</h2>
      <p>{t("ui.inbox.unknown_text")}</p>
      {operation && (
        <Button type="primary" onClick={() => setAsking(true)}>
          {operation.label}
        </Button>
      )}
      {asking && operation && (
        <OperationDialog
          operation={operation}
          name={name}
          subject={conversation.with_name}
          close={() => setAsking(false)}
          submit={async (input) => {
            await run(operation, input);
            setAsking(false);
          }}
        />
      )}
    </div>
  );
}

export function Side({ conversation }: { conversation: Conversation }) {
  return (
    <aside className={css.side} aria-label={t("ui.inbox.customer")}>
      {conversation.customer ? (
        <CustomerSide id={conversation.customer.id} />
      ) : (
        <Unknown conversation={conversation} />
      )}
    </aside>
  );
}
