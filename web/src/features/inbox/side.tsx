import { Button } from "antd";
import { useState } from "react";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import type { Conversation } from "@/features/inbox/data";
import css from "@/features/inbox/side.module.css";
import { t } from "@/lib/words";
import { nameOf } from "@/records/data";
import { useOperation } from "@/records/forms/operation-buttons";
import { OperationDialog } from "@/records/forms/operation-dialog";
import { useSlots } from "@/records/slots";

/** Nobody knows yet whose it is: what that means, and the way to say so. */
export function Unknown({
  plural,
  row,
  name,
  title,
  text,
}: {
  plural: string;
  row: Row;
  /** The operation that says so. */
  name: string;
  title: string;
  text: string;
}) {
  const { operations, records } = useMeta();
  const operation = row.can?.includes(name) ? operations[name] : undefined;
  const run = useOperation(plural, row);
  const [asking, setAsking] = useState(false);
  return (
    <div className={css.unknown}>
      <h2>{title}</h2>
      <p>{text}</p>
      {operation && (
        <Button type="primary" onClick={() => setAsking(true)}>
          {operation.label}
        </Button>
      )}
      {asking && operation && (
        <OperationDialog
          operation={operation}
          name={name}
          subject={nameOf(records[plural], row)}
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

/** Who writes: joined from outside, like every panel of a record page. */
export function Side({ conversation }: { conversation: Conversation }) {
  const { panels } = useSlots("conversations");
  return (
    <aside className={css.side} aria-label={t("ui.inbox.customer")}>
      {conversation.customer ? (
        panels?.map(({ key, show: Panel }) => <Panel key={key} row={conversation} plural="conversations" />)
      ) : (
        <Unknown
          plural="conversations"
          row={conversation}
          name="channels.conversation.attach_customer"
          title={conversation.with_name || t("ui.inbox.unknown")}
          text={t("ui.inbox.unknown_text")}
        />
      )}
    </aside>
  );
}
