import { Button } from "antd";
import { MessageSquare, Phone } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { useMeta } from "@/api/session";
import type { Reference, Row } from "@/api/types";
import { WRITE } from "@/features/inbox/data";
import type { LogKind } from "@/features/inbox/log-contact";
import { t } from "@/lib/words";
import { nameOf } from "@/records/data";
import { Menu } from "@/ui/menu";

const LogContact = lazy(() =>
  import("@/features/inbox/log-contact").then((m) => ({ default: m.LogContact })),
);
const WriteLetter = lazy(() =>
  import("@/features/inbox/write-letter").then((m) => ({ default: m.WriteLetter })),
);

/** The next act with a customer: write, or note down what was said. */
export function CustomerActions({
  row,
  matter,
  done,
}: {
  row: Row;
  /** What it is about, where it is about something. */
  matter?: Reference;
  done?: (conversation: Row) => void;
}) {
  const { operations, records } = useMeta();
  const [doing, setDoing] = useState<"write" | LogKind | null>(null);
  const write = operations[WRITE];
  const logs = (["log_call", "log_visit", "log_letter"] as const).filter(
    (kind) => `channels.conversation.${kind}` in operations,
  );
  const name = nameOf(records.customers, row);
  const customer = useMemo(() => ({ id: row.id, label: name }), [row.id, name]);
  const about = { customer, matter, done, close: () => setDoing(null) };
  return (
    <>
      {write && row.email && (
        <Button
          type="primary"
          icon={<MessageSquare size={16} aria-hidden />}
          onClick={() => setDoing("write")}
        >
          {matter ? t("ui.inbox.write_to", { name }) : t("ui.inbox.write")}
        </Button>
      )}
      {logs.length > 0 && (
        <Menu
          menu={{
            items: logs.map((kind) => ({
              key: kind,
              label: operations[`channels.conversation.${kind}`]?.label,
            })),
            onClick: ({ key }) => setDoing(key as LogKind),
          }}
        >
          <Button icon={<Phone size={16} aria-hidden />}>{t("ui.inbox.log")}</Button>
        </Menu>
      )}
      <Suspense fallback={null}>
        {doing === "write" && write && <WriteLetter {...about} />}
        {doing && doing !== "write" && <LogContact kind={doing} {...about} />}
      </Suspense>
    </>
  );
}
