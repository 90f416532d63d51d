import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { Phone } from "lucide-react";
import { useRef, useState } from "react";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import css from "@/features/inbox/composer.module.css";
import type { Conversation } from "@/features/inbox/data";
import { LogContact, type LogKind } from "@/features/inbox/log-contact";
import { TemplatePicker } from "@/features/inbox/template-picker";
import { keep, readKept } from "@/lib/kept";
import { useKeys } from "@/lib/keys";
import { t } from "@/lib/words";
import { Menu } from "@/ui/menu";
import { problemText } from "@/ui/states";
import { TextArea } from "@/ui/text-area";

/** How long an answer is held back for second thoughts. */
const HOLD_SECONDS = 10;
const mod = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

export function Composer({ conversation }: { conversation: Conversation }) {
  const draft = `draft.${conversation.id}`;
  const [text, setText] = useState(() => readKept(draft, ""));
  const [logging, setLogging] = useState<LogKind | null>(null);
  const operations = useMeta().operations;
  const client = useQueryClient();
  const box = useRef<HTMLDivElement>(null);
  const write = (next: string) => {
    setText(next);
    keep(draft, next);
  };
  const send = useMutation({
    mutationFn: () =>
      api.post(`/api/conversations/${conversation.id}/reply`, { text, hold_seconds: HOLD_SECONDS }),
    onSuccess: () => {
      write("");
      void client.invalidateQueries({ queryKey: ["records", "messages"] });
      void client.invalidateQueries({ queryKey: ["records", "conversations"] });
    },
  });
  const submit = () => text.trim() && !send.isPending && send.mutate();
  useKeys({
    r: (event) => {
      event.preventDefault();
      box.current?.querySelector("textarea")?.focus();
    },
  });
  const mayReply =
    conversation.channel === "email" && conversation.can?.includes("channels.conversation.reply");
  const logs = (["log_call", "log_visit", "log_letter"] as const).filter(
    (kind) => `channels.conversation.${kind}` in operations,
  );
  return (
    <div ref={box} className={css.composer}>
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
            <Button type="text" icon={<Phone size={16} aria-hidden />}>
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
        <span className={css.refusal} role="alert">
          {send.error && problemText(send.error)}
        </span>
        {mayReply && (
          <>
            <span className={css.hint}>
              <kbd>{mod}</kbd> <kbd>Enter</kbd>
            </span>
            <Button type="primary" disabled={!text.trim()} loading={send.isPending} onClick={submit}>
              {t("ui.inbox.send")}
            </Button>
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
