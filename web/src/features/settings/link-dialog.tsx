import { Modal } from "antd";
import type { Row } from "@/api/types";
import { CopyLine } from "@/features/settings/copy-line";
import { formatMoment } from "@/lib/format";
import { t } from "@/lib/words";
import { useFocusBack } from "@/ui/focus-back";

export type WayIn = { link: string; until: string };

/** A link as it is handed out: by the address under which this page is reached, where the house knows none of its own. */
function reached(link: string): string {
  const { hostname, pathname, hash } = new URL(link);
  return hostname === "localhost" ? `${window.location.origin}${pathname}${hash}` : link;
}

/** The link by which somebody chooses a password: seen once, copied, handed over as one likes. */
export function LinkDialog({ user, way, close }: { user: Row; way: WayIn; close: () => void }) {
  useFocusBack();
  return (
    <Modal
      open
      title={t("ui.settings.link_for", { name: String(user.name) })}
      footer={null}
      onCancel={close}
      mask={{ closable: false }}
      width={520}
    >
      <p>{t("ui.settings.link_once", { email: String(user.email), until: formatMoment(way.until) })}</p>
      <CopyLine text={reached(way.link)} />
    </Modal>
  );
}
