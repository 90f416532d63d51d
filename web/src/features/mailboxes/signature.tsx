import { Button } from "antd";
import { useState } from "react";
import { useMeta } from "@/api/session";
import type { Mailbox } from "@/features/mailboxes/data";
import css from "@/features/mailboxes/mailboxes.module.css";
import { t } from "@/lib/words";
import { useOperation } from "@/records/forms/operation-buttons";
import { OperationDialog } from "@/records/forms/operation-dialog";

const SIGN = "channels.mailbox.sign";

/** What stands under what leaves from here, for whoever has no signature of their own. */
export function MailboxSignature({ mailbox }: { mailbox: Mailbox }) {
  const operation = useMeta().operations[SIGN];
  const run = useOperation("mailboxes", mailbox);
  const [asking, setAsking] = useState(false);
  return (
    <section aria-label={t("channels.mailbox.signature")}>
      <h2 className={css.title}>{t("channels.mailbox.signature")}</h2>
      <div className={css.connection}>
        <p className={css.signature}>{mailbox.signature || t("ui.inbox.no_signature")}</p>
        {operation && mailbox.can?.includes(SIGN) && (
          <Button onClick={() => setAsking(true)}>{operation.label}</Button>
        )}
      </div>
      {asking && operation && (
        <OperationDialog
          operation={operation}
          name={SIGN}
          subject={mailbox.name}
          initial={{ signature: mailbox.signature }}
          close={() => setAsking(false)}
          submit={async (input) => {
            await run(operation, { signature: "", ...input });
            setAsking(false);
          }}
        />
      )}
    </section>
  );
}
