import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { Phone } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import css from "@/features/inbox/composer.module.css";
import { CopiesButton, CopiesField, useCopies } from "@/features/inbox/copies-field";
import { type Conversation, carried } from "@/features/inbox/data";
import { DraftState, OtherDraft } from "@/features/inbox/draft-state";
import { FileButton, FileList, useFiles } from "@/features/inbox/files-field";
import { LogContact, type LogKind } from "@/features/inbox/log-contact";
import { SendButton } from "@/features/inbox/send-button";
import { SignatureField } from "@/features/inbox/signature-field";
import { TemplatePicker } from "@/features/inbox/template-picker";
import { useDraft } from "@/features/inbox/use-draft";
import { Writers } from "@/features/inbox/writers";
import { formatSaid } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { t } from "@/lib/words";
import { Menu } from "@/ui/menu";
import { problemText } from "@/ui/states";
import { TextArea } from "@/ui/text-area";
import { say } from "@/ui/toast";

/** How long an answer is held back for second thoughts. */
const HOLD_SECONDS = 10;
const mod = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

type Replied = { draft: string | null; text: string; copies: string[]; send_at?: string | undefined };

/** Sends a draft as it stands on the server; whoever may keep none sends the text itself. */
function reply(conversation: string, { draft, text, copies, send_at }: Replied) {
  const when = send_at ? { send_at } : { hold_seconds: HOLD_SECONDS };
  return draft
    ? api.post(`/api/drafts/${draft}/send`, when)
    : api.post(`/api/conversations/${conversation}/reply`, { text, copies, ...when });
}

export function Composer({ conversation }: { conversation: Conversation }) {
  const place = useMemo(() => ({ conversation: conversation.id }), [conversation.id]);
  const draft = useDraft(place);
  const { text, signature } = draft.said;
  const files = useFiles(draft);
  const copies = useCopies({ value: draft.said.copies, change: (next) => draft.write({ copies: next }) });
  const [logging, setLogging] = useState<LogKind | null>(null);
  const operations = useMeta().operations;
  const client = useQueryClient();
  const box = useRef<HTMLDivElement>(null);
  const write = (next: string) => draft.write({ text: next });
  const send = useMutation({
    mutationFn: async (send_at?: string) => {
      await draft.save();
      await reply(conversation.id, { draft: draft.row()?.id ?? null, text, copies: copies.value, send_at });
    },
    onSuccess: (_, send_at) => {
      draft.clear();
      if (send_at) say(t("ui.inbox.will_leave", { at: formatSaid(send_at) }));
      for (const plural of ["messages", "conversations", "drafts"])
        void client.invalidateQueries({ queryKey: ["records", plural] });
    },
  });
  const free = draft.state !== "other" && !files.busy && !send.isPending;
  const submit = (at?: string) => text.trim() && free && send.mutate(at);
  useKeys({
    r: (event) => {
      event.preventDefault();
      box.current?.querySelector("textarea")?.focus();
    },
  });
  const mayReply = carried(conversation.channel) && conversation.can?.includes("channels.conversation.reply");
  const logs = (["log_call", "log_visit", "log_letter"] as const).filter(
    (kind) => `channels.conversation.${kind}` in operations,
  );
  return (
    <div ref={box} className={css.composer} {...(mayReply && draft.allowed && files.catches)}>
      <Writers conversation={conversation.id} />
      <OtherDraft draft={draft} />
      {mayReply && <CopiesField {...copies} />}
      {mayReply && (
        <TextArea
          aria-label={t("ui.inbox.answer")}
          placeholder={t("ui.inbox.answer")}
          least={3}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && !event.nativeEvent.isComposing)
              submit();
          }}
        />
      )}
      {mayReply && draft.allowed && text.trim() && (
        <SignatureField
          conversation={conversation.id}
          value={signature}
          change={(next) => draft.write({ signature: next })}
        />
      )}
      {mayReply && <FileList {...files} />}
      <div className={css.line}>
        {conversation.customer && logs.length > 0 && (
          <Menu
            menu={{
              items: logs.map((kind) => ({
                key: kind,
                label: operations[`channels.conversation.${kind}`]?.label,
              })),
              onClick: ({ key }) => setLogging(key as LogKind),
            }}
          >
            <Button type="text" icon={<Phone size={16} aria-hidden />} title={t("ui.inbox.log")}>
              {t("ui.inbox.log")}
            </Button>
          </Menu>
        )}
        {mayReply && conversation.customer && (
          <TemplatePicker
            customer={conversation.customer.id}
            take={(letter) => write(text ? `${text}\n\n${letter}` : letter)}
          />
        )}
        {mayReply && <CopiesButton copies={copies} conversation={conversation.id} />}
        {mayReply && draft.allowed && <FileButton {...files} />}
        <span className={css.refusal} role="alert">
          {send.error && problemText(send.error)}
        </span>
        {mayReply && (
          <>
            {draft.allowed && <DraftState draft={draft} />}
            <span className={css.hint}>
              <kbd>{mod}</kbd> <kbd>Enter</kbd>
            </span>
            <SendButton
              customer={conversation.customer}
              disabled={!text.trim() || !free}
              busy={send.isPending}
              later={draft.allowed}
              send={submit}
            />
          </>
        )}
      </div>
      {logging && conversation.customer && (
        <LogContact
          kind={logging}
          customer={conversation.customer}
          conversation={conversation.id}
          close={() => setLogging(null)}
        />
      )}
    </div>
  );
}
