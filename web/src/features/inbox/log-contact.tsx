import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useMeta } from "@/api/session";
import type { Reference, Row } from "@/api/types";
import { RESULTS } from "@/features/inbox/data";
import { t } from "@/lib/words";
import { perform } from "@/records/data";
import { OperationDialog } from "@/records/forms/operation-dialog";
import { say } from "@/ui/toast";

export type LogKind = "log_call" | "log_visit" | "log_letter";
const ASKED = ["customer", "direction", "result", "text", "rating", "at", "duration_seconds"];
const SCORES = ["5", "4", "3", "2", "1"];

/** Writes down a call, a visit or a letter: what was said and what came of it. */
export function LogContact({
  kind,
  customer,
  conversation,
  matter,
  done,
  close,
}: {
  kind: LogKind;
  /** With whom; asked for where it is not known. */
  customer?: Reference | undefined;
  conversation?: string;
  /** What it is about. */
  matter?: Reference | undefined;
  done?: ((conversation: Row) => void) | undefined;
  close: () => void;
}) {
  const name = `channels.conversation.${kind}`;
  const operation = useMeta().operations[name];
  const client = useQueryClient();
  const choices = useMemo(
    () => ({
      result: RESULTS[kind].map((value) => ({ value, label: t(`ui.channels.result.${value}`) })),
      direction: (["out", "in"] as const).map((value) => ({
        value,
        label: t(`ui.inbox.direction_${value}`),
      })),
      rating: SCORES.map((value) => ({
        value,
        label: t("ui.rating.choice", { score: value, label: t(`value.rating.${value}`) }),
      })),
    }),
    [kind],
  );
  const fixed = useMemo(
    () => ({
      ...(customer && { customer: customer.id }),
      ...(conversation && { conversation }),
      ...(matter && { matter: matter.id }),
    }),
    [customer, conversation, matter],
  );
  if (!operation) return null;
  return (
    <OperationDialog
      operation={operation}
      name={name}
      subject={customer?.label ?? ""}
      only={ASKED}
      fixed={fixed}
      choices={choices}
      initial={{ direction: "out" }}
      close={close}
      submit={async (input) => {
        const rated = input.rating ? { rating: Number(input.rating) } : {};
        const logged = await perform(operation, null, { ...input, ...rated });
        const name = customer?.label ?? (logged.customer as Reference | null)?.label ?? "";
        await client.invalidateQueries({ queryKey: ["records"] });
        void client.invalidateQueries({ queryKey: ["story"] });
        say(t("ui.operation.done", { what: operation.label, name }));
        close();
        done?.(logged);
      }}
    />
  );
}
