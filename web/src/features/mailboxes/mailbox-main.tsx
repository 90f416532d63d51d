import type { Row } from "@/api/types";
import { Answered } from "@/features/mailboxes/answered";
import { Connection } from "@/features/mailboxes/connection";
import type { Mailbox } from "@/features/mailboxes/data";
import css from "@/features/mailboxes/mailboxes.module.css";
import { MailboxSignature } from "@/features/mailboxes/signature";
import { t } from "@/lib/words";

/** A mailbox: whether it works, and how what came in was answered. */
export function MailboxMain({ row }: { row: Row }) {
  const mailbox = row as Mailbox;
  return (
    <div className={css.mailbox}>
      <Connection mailbox={mailbox} />
      <MailboxSignature mailbox={mailbox} />
      {mailbox.backfilled_at ? (
        <Answered since={mailbox.backfilled_at} />
      ) : (
        <section aria-label={t("ui.mailbox.answered")}>
          <h2 className={css.title}>{t("ui.mailbox.answered")}</h2>
          <p role="status">
            {mailbox.problem
              ? t("ui.mailbox.reads_when_works")
              : mailbox.backfilled
                ? t("ui.mailbox.reading_so_far", { n: mailbox.backfilled })
                : t("ui.mailbox.reading")}
          </p>
          {!mailbox.problem && <div className={css.busy} aria-hidden />}
          <p className={css.note}>{t("ui.mailbox.nobody")}</p>
        </section>
      )}
    </div>
  );
}
