import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useMeta } from "@/api/session";

const TokenDialog = lazy(() =>
  import("@/features/settings/token-dialog").then((m) => ({ default: m.TokenDialog })),
);
const CREATE = "workspace.token.create";

/** Access for a script: the secret is seen once, here. */
export function CreateToken() {
  const operation = useMeta().operations[CREATE];
  const [open, setOpen] = useState(false);
  if (!operation) return null;
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {operation.label}
      </Button>
      <Suspense fallback={null}>
        {open && <TokenDialog name={CREATE} operation={operation} close={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}
