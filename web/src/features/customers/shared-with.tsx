import { Button } from "antd";
import { X } from "lucide-react";
import { useMeta } from "@/api/session";
import type { Condition, Row } from "@/api/types";
import css from "@/features/customers/shared-with.module.css";
import { formatWhen } from "@/lib/format";
import { t } from "@/lib/words";
import { useRows } from "@/records/data";
import { useOperation } from "@/records/forms/operation-buttons";
import { plain } from "@/records/values/value";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const WITHDRAW = "workspace.share.withdraw";

function Shared({ share }: { share: Row }) {
  const meta = useMeta();
  const run = useOperation("shares", share);
  const may = meta.records.shares?.fields.may;
  const withdraw = meta.operations[WITHDRAW];
  const name = String(share.called);
  const more = [
    may && plain(may, share.may),
    share.until ? t("ui.share.until", { at: formatWhen(String(share.until)) }) : "",
  ];
  return (
    <li className={css.share}>
      <span className={css.name}>{name}</span>
      <span className={css.more}>{more.filter(Boolean).join(" · ")}</span>
      {withdraw && share.can?.includes(WITHDRAW) && (
        <Button
          size="small"
          type="text"
          icon={<X size={14} aria-hidden />}
          aria-label={t("ui.share.withdraw", { name })}
          title={t("ui.share.withdraw", { name })}
          onClick={() =>
            run(withdraw, {}).catch((error: unknown) => say(problemText(error), { tone: "broken" }))
          }
        />
      )}
    </li>
  );
}

/** Who sees this customer only because it was shared with them, how far and until when. */
export function SharedWith({ row }: { row: Row }) {
  const known = "shares" in useMeta().records;
  return known ? <Shares id={row.id} /> : null;
}

function Shares({ id }: { id: string }) {
  const where: Condition = {
    and: [
      { field: "customer", op: "is", value: id },
      { field: "ended_at", op: "empty" },
    ],
  };
  const list = useRows("shares", { where });
  const rows = list.data?.pages[0]?.rows ?? [];
  if (!rows.length) return null;
  return (
    <section className={css.panel} aria-label={t("workspace.share.called")}>
      <h2>{t("workspace.share.called")}</h2>
      <ul>
        {rows.map((share) => (
          <Shared key={share.id} share={share} />
        ))}
      </ul>
    </section>
  );
}
