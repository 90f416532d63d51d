import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import type { Mailbox } from "@/features/mailboxes/data";
import css from "@/features/mailboxes/mailboxes.module.css";
import { formatWhen } from "@/lib/format";
import { has, t } from "@/lib/words";
import { perform, rowQuery } from "@/records/data";
import { Mark } from "@/ui/figure";
import { Refusal } from "@/ui/states";

const TEST = "channels.mailbox.test";
const RECONNECT = "channels.mailbox.reconnect";
const REFUSED = "mailbox.refused_password";

/** Whether a mailbox works, in a mark and a few words. */
export function MailboxState({ row }: { row: Row }) {
  const mailbox = row as Mailbox;
  if (mailbox.problem && mailbox.problem_since)
    return (
      <Mark tone="broken">{t("ui.mailbox.fails_since", { at: formatWhen(mailbox.problem_since) })}</Mark>
    );
  if (!mailbox.read_at) return <Mark tone="plain">{t("ui.mailbox.not_read_yet")}</Mark>;
  return <Mark tone="kept">{t("ui.mailbox.works", { at: formatWhen(mailbox.read_at) })}</Mark>;
}

/** Why a mailbox cannot be read, as far as is known without a test. */
function why(mailbox: Mailbox, reconnect: string): string {
  const { imap_host: host, imap_port: port, user, folder } = mailbox as Row;
  if (mailbox.problem === REFUSED) return t("ui.mailbox.refused_password", { user: String(user), reconnect });
  const known = `error.${mailbox.problem}`;
  const told = has(known) ? t(known, { host, port, user, folder } as Record<string, string>) : "{";
  return told.includes("{") ? t("ui.mailbox.test_tells") : told;
}

/** The state of the connection, and the test of it; its result stays on the page until the mailbox is another one. */
export function Connection({ mailbox }: { mailbox: Mailbox }) {
  const { operations } = useMeta();
  const operation = operations[TEST];
  const client = useQueryClient();
  const [tested, setTested] = useState<number | undefined>();
  const test = useMutation({
    mutationFn: async () => operation && perform(operation, mailbox.id, {}),
    onSettled: async () => {
      const { queryKey } = rowQuery("mailboxes", mailbox.id);
      await client.invalidateQueries({ queryKey });
      setTested(client.getQueryData<Row>(queryKey)?.version);
    },
  });
  const holds = tested === mailbox.version;
  const error = holds ? test.error : null;
  return (
    <section aria-label={t("ui.mailbox.connection")}>
      <h2 className={css.title}>{t("ui.mailbox.connection")}</h2>
      <div className={css.connection}>
        <MailboxState row={mailbox} />
        {operation && mailbox.can?.includes(TEST) && (
          <Button loading={test.isPending} onClick={() => test.mutate()}>
            {operation.label}
          </Button>
        )}
      </div>
      {mailbox.problem && !error && (
        <p className={css.note}>{why(mailbox, operations[RECONNECT]?.label ?? "")}</p>
      )}
      <div role="status">
        {test.isPending && <p className={css.note}>{t("ui.mailbox.testing")}</p>}
        {test.isSuccess && holds && <p className={css.good}>{t("ui.mailbox.tested")}</p>}
      </div>
      <Refusal error={error} />
    </section>
  );
}
