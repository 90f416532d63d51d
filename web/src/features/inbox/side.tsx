import { Button } from "antd";
import { useState } from "react";
import { useMeta } from "@/api/session";
import type { Conversation } from "@/features/inbox/data";
import css from "@/features/inbox/side.module.css";
import { t } from "@/lib/words";
import { useOperation } from "@/records/forms/operation-buttons";
import { OperationDialog } from "@/records/forms/operation-dialog";
import { useSlots } from "@/records/slots";

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

/** Who writes: joined from outside, like every panel of a record page. */
export function Side({ conversation }: { conversation: Conversation }) {
  const { panels } = useSlots("conversations");
  return (
    <aside className={css.side} aria-label={t("ui.inbox.customer")}>
      {conversation.customer ? (
        panels?.map(({ key, show: Panel }) => <Panel key={key} row={conversation} plural="conversations" />)
      ) : (
        <Unknown conversation={conversation} />
      )}
    </aside>
  );
}
