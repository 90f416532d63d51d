import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Modal } from "antd";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Reference, Row } from "@/api/types";
import css from "@/features/inbox/composer.module.css";
import { CopiesButton, CopiesField, useCopies } from "@/features/inbox/copies-field";
import { WRITE } from "@/features/inbox/data";
import { DraftState, OtherDraft } from "@/features/inbox/draft-state";
import { Envelope } from "@/features/inbox/envelope";
import { FileButton, FileList, useFiles } from "@/features/inbox/files-field";
import { SendButton } from "@/features/inbox/send-button";
import { SignatureField } from "@/features/inbox/signature-field";
import { TemplatePicker } from "@/features/inbox/template-picker";
import { useDraft } from "@/features/inbox/use-draft";
import { formatSaid } from "@/lib/format";
import { t } from "@/lib/words";
import { ReferenceInput } from "@/records/values/reference-input";
import { useFocusBack } from "@/ui/focus-back";
import { Refusal } from "@/ui/states";
import { TextArea } from "@/ui/text-area";
import { say } from "@/ui/toast";

const HOLD_SECONDS = 10;

/** A new letter to a customer, or one that was begun; whom it goes to is asked where it is not known. */
export function WriteLetter({
  customer,
  matter,
  draft: begun,
  done,
  close,
}: {
  customer?: Reference | undefined;
  /** What it is about. */
  matter?: Reference | undefined;
  /** The letter that was begun. */
  draft?: string;
  /** Where it goes on; else in the inbox. */
  done?: ((conversation: Row) => void) | undefined;
  close: () => void;
}) {
  useFocusBack();
  const operation = useMeta().operations[WRITE];
  const client = useQueryClient();
  const navigate = useNavigate();
  const place = useMemo(
    () => ({
      draft: begun,
      begin: {
        ...(customer && { customer }),
        ...(matter && { subject: matter.label, matter: matter.id }),
      },
    }),
    [begun, customer, matter],
  );
  const draft = useDraft(place);
  const { said, write } = draft;
  const files = useFiles(draft);
  const copies = useCopies({ value: said.copies, change: (next) => write({ copies: next }) });
  const send = useMutation({
    mutationFn: async (send_at?: string) => {
      const when = send_at ? { send_at } : { hold_seconds: HOLD_SECONDS };
      await draft.save();
      const kept = draft.row();
      if (kept) return api.post<Row>(`/api/drafts/${kept.id}/send`, when);
      const given = {
        customer: said.customer?.id,
        subject: said.subject,
        text: said.text,
        copies: said.copies,
      };
      return api.post<Row>("/api/conversations/write", {
        ...given,
        ...(matter && { matter: matter.id }),
        ...when,
      });
    },
    onSuccess: (conversation, send_at) => {
      draft.clear();
      if (send_at) say(t("ui.inbox.will_leave", { at: formatSaid(send_at) }));
      for (const plural of ["conversations", "drafts"])
        void client.invalidateQueries({ queryKey: ["records", plural] });
      close();
      if (done) done(conversation);
      else navigate(`/inbox/${conversation.id}?box=open`);
    },
  });
  if (!operation) return null;
  const ready =
    Boolean(said.customer && said.text.trim()) && draft.state !== "other" && !files.busy && !send.isPending;
  return (
    <Modal
      open
      title={operation.label}
      footer={null}
      onCancel={close}
      mask={{ closable: false }}
      width={640}
      destroyOnHidden
    >
      <OtherDraft draft={draft} />
      <Form
        layout="vertical"
        requiredMark={false}
        className={css.letter}
        {...(draft.allowed && files.catches)}
      >
        <Form.Item
          label={t("channels.draft.customer")}
          htmlFor="letter-customer"
          required
          extra={said.customer && <Envelope customer={said.customer} />}
        >
          <ReferenceInput
            id="letter-customer"
            to="customers"
            autoFocus={!said.customer}
            value={said.customer}
            onChange={(next) => write({ customer: next as Reference | null })}
          />
        </Form.Item>
        <CopiesField {...copies} />
        <Form.Item label={t("channels.draft.subject")} htmlFor="letter-subject">
          <Input
            id="letter-subject"
            autoFocus={Boolean(said.customer)}
            maxLength={500}
            value={said.subject}
            onChange={({ target }) => write({ subject: target.value })}
          />
        </Form.Item>
        <Form.Item label={t("channels.draft.text")} htmlFor="letter-text" required>
          <TextArea
            id="letter-text"
            least={8}
            value={said.text}
            onChange={({ target }) => write({ text: target.value })}
          />
        </Form.Item>
      </Form>
      {draft.allowed && (
        <SignatureField value={said.signature} change={(signature) => write({ signature })} />
      )}
      <FileList {...files} />
      <Refusal error={send.error} />
      <div className={css.line}>
        {said.customer && (
          <TemplatePicker
            customer={said.customer.id}
            take={(letter) => write({ text: said.text ? `${said.text}\n\n${letter}` : letter })}
          />
        )}
        <CopiesButton copies={copies} />
        {draft.allowed && <FileButton {...files} />}
        <span className={css.refusal} />
        {draft.allowed && <DraftState draft={draft} thrown={close} />}
        <SendButton
          customer={said.customer}
          disabled={!ready}
          busy={send.isPending}
          later={draft.allowed}
          send={(at) => ready && send.mutate(at)}
        />
      </div>
    </Modal>
  );
}
