import { useQueryClient } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { MessageSquare, Phone } from "lucide-react";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import { LogContact, type LogKind } from "@/features/inbox/log-contact";
import { t } from "@/lib/words";
import { nameOf, perform } from "@/records/data";
import { OperationDialog } from "@/records/forms/operation-dialog";

const WRITE = "channels.conversation.write";
const ASKED = ["subject", "text"];
const HOLD_SECONDS = 10;

/** The next act with a customer: write, or note down what was said. */
export function CustomerActions({ row }: { row: Row }) {
  const { operations, records } = useMeta();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [doing, setDoing] = useState<"write" | LogKind | null>(null);
  const fixed = useMemo(() => ({ customer: row.id, hold_seconds: HOLD_SECONDS }), [row.id]);
  const write = operations[WRITE];
  const logs = (["log_call", "log_visit", "log_letter"] as const).filter(
    (kind) => `channels.conversation.${kind}` in operations,
  );
  const name = nameOf(records.customers, row);
  return (
    <>
      {write && row.email && (
        <Button
          type="primary"
          icon={<MessageSquare size={16} aria-hidden />}
          onClick={() => setDoing("write")}
        >
          {t("ui.inbox.write")}
        </Button>
      )}
      {logs.length > 0 && (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: logs.map((kind) => ({
              key: kind,
              label: operations[`channels.conversation.${kind}`]?.label,
            })),
            onClick: ({ key }) => setDoing(key as LogKind),
          }}
        >
          <Button icon={<Phone size={16} aria-hidden />}>{t("ui.inbox.log")}</Button>
        </Dropdown>
      )}
      {doing === "write" && write && (
        <OperationDialog
          operation={write}
          name={WRITE}
          subject={name}
          only={ASKED}
          fixed={fixed}
          close={() => setDoing(null)}
          submit={async (input) => {
            const conversation = await perform(write, null, input);
            await client.invalidateQueries({ queryKey: ["records", "conversations"] });
            navigate(`/inbox/${conversation.id}?box=open`);
          }}
        />
      )}
      {doing && doing !== "write" && (
        <LogContact kind={doing} customer={{ id: row.id, label: name }} close={() => setDoing(null)} />
      )}
    </>
  );
}
