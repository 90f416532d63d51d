import { Button, Space } from "antd";
import { ChevronDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useMeta } from "@/api/session";
import type { Reference } from "@/api/types";
import { alike, type Later, mornings } from "@/features/inbox/later";
import { readerZone } from "@/lib/clock";
import { formatTimeIn, formatZone } from "@/lib/format";
import { t } from "@/lib/words";
import { useRow } from "@/records/data";
import { Menu } from "@/ui/menu";

const SendLater = lazy(() => import("@/features/inbox/send-later").then((m) => ({ default: m.SendLater })));
const CHOOSE = "choose";

/** The zone a customer lives in, where it is known and shows another time than the reader's. */
export function useZoneOf(customer: Reference | null | undefined): string | undefined {
  const known = "customers" in useMeta().records;
  const row = useRow("customers", customer?.id ?? "", Boolean(customer) && known).data;
  const zone = typeof row?.zone === "string" && row.zone ? row.zone : undefined;
  return zone && !alike(new Date(), zone, readerZone()) ? zone : undefined;
}

function Offer({ later, theirs, name }: { later: Later; theirs: boolean; name: string }) {
  if (!theirs) return t(`ui.inbox.later_${later.day}`, { at: formatTimeIn(later.at, later.zone) });
  return t("ui.inbox.later_theirs", {
    name,
    at: formatTimeIn(later.at, later.zone),
    zone: formatZone(later.zone),
    own: formatTimeIn(later.at, readerZone()),
  });
}

/** Sends now, or at a time said in the reader's or in the customer's own clock. */
export function SendButton({
  customer,
  disabled,
  busy,
  later,
  send,
}: {
  customer: Reference | null | undefined;
  disabled: boolean;
  busy: boolean;
  /** Whether it may be sent at a time. */
  later: boolean;
  send: (at?: string) => void;
}) {
  const [choosing, setChoosing] = useState(false);
  const zone = useZoneOf(customer);
  const button = (
    <Button type="primary" disabled={disabled} loading={busy} onClick={() => send()}>
      {t("ui.inbox.send")}
    </Button>
  );
  if (!later) return button;
  const now = new Date();
  const offers = [
    ...mornings(now).map((one) => ({ one, theirs: false })),
    ...(zone ? mornings(now, zone).map((one) => ({ one, theirs: true })) : []),
  ];
  const name = customer?.label ?? "";
  return (
    <>
      <Space.Compact>
        {button}
        <Menu
          menu={{
            items: [
              ...offers.map(({ one, theirs }, index) => ({
                key: String(index),
                label: <Offer later={one} theirs={theirs} name={name} />,
              })),
              { type: "divider" },
              { key: CHOOSE, label: t("ui.inbox.later_choose") },
            ],
            onClick: ({ key }) => (key === CHOOSE ? setChoosing(true) : send(offers[Number(key)]?.one.at)),
          }}
        >
          <Button
            type="primary"
            disabled={disabled || busy}
            icon={<ChevronDown size={16} aria-hidden />}
            aria-label={t("ui.inbox.later")}
          />
        </Menu>
      </Space.Compact>
      {choosing && (
        <Suspense fallback={null}>
          <SendLater
            zone={zone}
            name={name}
            close={() => setChoosing(false)}
            take={(at) => {
              setChoosing(false);
              send(at);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
