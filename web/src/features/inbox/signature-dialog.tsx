import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { useMe, useMeta } from "@/api/session";
import type { Page } from "@/api/types";
import { t } from "@/lib/words";
import { perform } from "@/records/data";
import { OperationDialog } from "@/records/forms/operation-dialog";
import { say } from "@/ui/toast";

const SIGN = "channels.signature.write";

/** Changes what stands under everything that the reader writes. */
export function SignatureDialog({ close }: { close: () => void }) {
  const operation = useMeta().operations[SIGN];
  const me = useMe();
  const client = useQueryClient();
  const known = useQuery({
    queryKey: ["records", "signatures", "list", "own"],
    queryFn: async ({ signal }) => {
      const where = JSON.stringify({ field: "owner", op: "is", value: me.id });
      const asked = { where, sort: "-created_at", limit: 1 };
      return (await api.get<Page>("/api/signatures", asked, signal)).rows[0] ?? null;
    },
    staleTime: 0,
  });
  if (!operation || known.isPending) return null;
  return (
    <OperationDialog
      operation={operation}
      name={SIGN}
      subject={me.name}
      initial={{ text: known.data?.text ?? "" }}
      close={close}
      submit={async (input) => {
        await perform(operation, null, { text: "", ...input });
        await client.invalidateQueries({ queryKey: ["records", "signatures"] });
        say(t("ui.inbox.signature_kept"));
        close();
      }}
    />
  );
}
