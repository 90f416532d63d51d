import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import { LinkDialog, type WayIn } from "@/features/settings/link-dialog";
import { MAKE_LINK } from "@/features/settings/make-link";
import { perform, settleRow } from "@/records/data";
import { OperationDialog } from "@/records/forms/operation-dialog";

const INVITE = "workspace.user.invite";
const ASKED = ["name", "email", "roles", "team", "language", "zone"];

/** Asks who is new and what they may do, then shows the link by which they choose a password of their own. */
export function InviteDialog({ close, done }: { close: () => void; done: (row: Row) => void }) {
  const { operations } = useMeta();
  const client = useQueryClient();
  const [invited, setInvited] = useState<{ row: Row; way: WayIn } | null>(null);
  const [invite, link] = [operations[INVITE], operations[MAKE_LINK]];
  if (!invite) return null;
  if (invited) return <LinkDialog user={invited.row} way={invited.way} close={() => done(invited.row)} />;
  return (
    <OperationDialog
      operation={invite}
      name={INVITE}
      subject=""
      only={ASKED}
      close={close}
      submit={async (input) => {
        const row = await perform(invite, null, input);
        settleRow(client, "users", row);
        const way = link && (await perform(link, row.id, {}).catch(() => null));
        if (way) setInvited({ row, way: way as unknown as WayIn });
        else done(row); // on whose page the link is made
      }}
    />
  );
}
