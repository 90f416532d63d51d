import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import type { WayIn } from "@/features/settings/link-dialog";
import { perform } from "@/records/data";
import { OperationDialog } from "@/records/forms/operation-dialog";

const LinkDialog = lazy(() =>
  import("@/features/settings/link-dialog").then((m) => ({ default: m.LinkDialog })),
);
export const MAKE_LINK = "workspace.user.make_link";

/** Lets a colleague choose a password: those who are new, and those who forgot theirs. */
export function MakeLink({ row }: { row: Row; plural: string }) {
  const operation = useMeta().operations[MAKE_LINK];
  const [asking, setAsking] = useState(false);
  const [way, setWay] = useState<WayIn | null>(null);
  if (!operation || row.archived_at || !row.can?.includes(MAKE_LINK)) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>{operation.label}</Button>
      {asking && (
        <OperationDialog
          operation={operation}
          name={MAKE_LINK}
          subject={String(row.name)}
          close={() => setAsking(false)}
          submit={async () => {
            setWay((await perform(operation, row.id, {})) as unknown as WayIn);
            setAsking(false);
          }}
        />
      )}
      <Suspense fallback={null}>
        {way && <LinkDialog user={row} way={way} close={() => setWay(null)} />}
      </Suspense>
    </>
  );
}
