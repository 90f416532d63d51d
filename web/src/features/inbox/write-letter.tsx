import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { useMeta } from "@/api/session";
import type { Reference, Row } from "@/api/types";
import { WRITE } from "@/features/inbox/data";
import { perform } from "@/records/data";
import { OperationDialog } from "@/records/forms/operation-dialog";

const ASKED = ["customer", "subject", "text"];
const HOLD_SECONDS = 10;

/** A new letter to a customer; whom it goes to is asked where it is not known. */
export function WriteLetter({
  customer,
  matter,
  done,
  close,
}: {
  customer?: Reference | undefined;
  /** What it is about. */
  matter?: Reference | undefined;
  /** Where it goes on; else in the inbox. */
  done?: ((conversation: Row) => void) | undefined;
  close: () => void;
}) {
  const operation = useMeta().operations[WRITE];
  const client = useQueryClient();
  const navigate = useNavigate();
  const fixed = useMemo(
    () => ({
      ...(customer && { customer: customer.id }),
      ...(matter && { matter: matter.id }),
      hold_seconds: HOLD_SECONDS,
    }),
    [customer, matter],
  );
  if (!operation) return null;
  return (
    <OperationDialog
      operation={operation}
      name={WRITE}
      subject={customer?.label ?? ""}
      only={ASKED}
      fixed={fixed}
      {...(matter && { initial: { subject: matter.label } })}
      close={close}
      submit={async (input) => {
        const conversation = await perform(operation, null, input);
        await client.invalidateQueries({ queryKey: ["records", "conversations"] });
        close();
        if (done) done(conversation);
        else navigate(`/inbox/${conversation.id}?box=open`);
      }}
    />
  );
}
