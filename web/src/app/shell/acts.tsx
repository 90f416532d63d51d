import { Languages, LogOut, Phone, Plus, SunMoon, Upload, Zap } from "lucide-react";
import { lazy, type ReactNode } from "react";
import { useLocation, useNavigate } from "react-router";
import { useMeta } from "@/api/session";
import type { OperationMeta, Row } from "@/api/types";
import { LANGUAGES } from "@/app/language-choice";
import { useCreatable } from "@/app/shell/create-menu";
import { THEMES, useOwnChoices } from "@/app/shell/own-choices";
import { inSentence, t } from "@/lib/words";
import { asksNothing, nameOf, useRow } from "@/records/data";
import { useOperation, usePossible } from "@/records/forms/operation-buttons";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const CreateDialog = lazy(() =>
  import("@/records/forms/create-dialog").then((m) => ({ default: m.CreateDialog })),
);
const OperationDialog = lazy(() =>
  import("@/records/forms/operation-dialog").then((m) => ({ default: m.OperationDialog })),
);
const LogContact = lazy(() =>
  import("@/features/inbox/log-contact").then((m) => ({ default: m.LogContact })),
);
const WriteLetter = lazy(() =>
  import("@/features/inbox/write-letter").then((m) => ({ default: m.WriteLetter })),
);

/** Something one can do from anywhere: at once, or by way of a dialog. */
export type Act = {
  key: string;
  label: string;
  hint?: string;
  icon: ReactNode;
  /** Offered only to those who type for it. */
  quiet?: boolean;
  run?: () => void;
  dialog?: (close: () => void) => ReactNode;
};

const IMPORT = "workspace.import.prepare";
const LOGS = ["log_call", "log_visit", "log_letter"] as const;
const NONE: Row = { id: "" };

/** The record whose page is open. */
function useHere(): { plural: string; row: Row | undefined } {
  const { records } = useMeta();
  const [, place = "", id = ""] = useLocation().pathname.split("/");
  const plural = place === "inbox" ? "conversations" : place;
  const known = plural in records && /^[0-9a-f-]{36}$/.test(id);
  const { data } = useRow(plural, id, known);
  return { plural, row: known ? data : undefined };
}

/** The verbs of the record whose page is open. */
function useActsHere(plural: string, row: Row | undefined): Act[] {
  const { records } = useMeta();
  const run = useOperation(plural, row ?? NONE);
  const name = nameOf(records[plural], row);
  const atOnce = (operation: OperationMeta) => () => {
    run(operation, {}).catch((error: unknown) => say(problemText(error), { tone: "broken" }));
  };
  return usePossible(plural, row).map(([key, operation]) => ({
    key,
    label: operation.label,
    hint: name,
    icon: <Zap size={16} aria-hidden />,
    ...(asksNothing(operation) && !operation.confirm
      ? { run: atOnce(operation) }
      : {
          dialog: (close: () => void) => (
            <OperationDialog
              operation={operation}
              name={key}
              subject={name}
              close={close}
              submit={async (input) => {
                await run(operation, input);
                close();
              }}
            />
          ),
        }),
  }));
}

function useContactActs(plural: string, row: Row | undefined): Act[] {
  const { operations, records } = useMeta();
  const customer =
    plural === "customers" && row ? { id: row.id, label: nameOf(records.customers, row) } : undefined;
  const acts = [
    ...LOGS.map((kind) => ({
      key: `channels.conversation.${kind}`,
      dialog: (close: () => void) => <LogContact kind={kind} customer={customer} close={close} />,
    })),
    {
      key: "channels.conversation.write",
      dialog: (close: () => void) => <WriteLetter customer={customer} close={close} />,
    },
  ];
  return acts.flatMap(({ key, dialog }) => {
    const operation = operations[key];
    const hint = customer && { hint: customer.label };
    const icon = <Phone size={16} aria-hidden />;
    return operation ? [{ key, label: operation.label, icon, dialog, quiet: !customer, ...hint }] : [];
  });
}

function useOwnActs(): Act[] {
  const { speak, dress, leave } = useOwnChoices();
  return [
    ...LANGUAGES.map(([code, label]) => ({
      key: `language/${code}`,
      label,
      hint: t("ui.me.language"),
      icon: <Languages size={16} aria-hidden />,
      run: () => speak(code),
    })),
    ...THEMES.map((theme) => ({
      key: `theme/${theme}`,
      label: t(`ui.me.theme_${theme}`),
      hint: t("ui.me.theme"),
      icon: <SunMoon size={16} aria-hidden />,
      run: () => dress(theme),
    })),
    { key: "out", label: t("ui.me.sign_out"), icon: <LogOut size={16} aria-hidden />, run: leave },
  ].map((act) => ({ ...act, quiet: true }));
}

/** Everything one may do from here, in the words of the language: what concerns this page first. */
export function useActs(): Act[] {
  const meta = useMeta();
  const navigate = useNavigate();
  const { plural, row } = useHere();
  const creates = useCreatable().map(({ plural: kind, label, at }) => ({
    key: `create/${kind}`,
    label: t("ui.create.one", { record: inSentence(label) }),
    icon: <Plus size={16} aria-hidden />,
    ...(at
      ? { run: () => navigate(at) }
      : {
          dialog: (close: () => void) => (
            <CreateDialog plural={kind} close={close} done={(made) => navigate(`/${kind}/${made.id}`)} />
          ),
        }),
  }));
  const mayImport = IMPORT in meta.operations || meta.records.imports?.create === IMPORT;
  const bring = {
    key: IMPORT,
    label: t("ui.import.title"),
    icon: <Upload size={16} aria-hidden />,
    run: () => navigate("/import"),
  };
  return [
    ...useActsHere(plural, row),
    ...useContactActs(plural, row),
    ...creates,
    ...(mayImport ? [bring] : []),
    ...useOwnActs(),
  ];
}
