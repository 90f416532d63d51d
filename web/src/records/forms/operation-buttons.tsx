import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { MoreHorizontal } from "lucide-react";
import { type ReactNode, useState } from "react";
import { api } from "@/api/client";
import { operationsOn, useMeta } from "@/api/session";
import type { OperationMeta, RecordMeta, Row } from "@/api/types";
import { useKeys } from "@/lib/keys";
import { t } from "@/lib/words";
import { type Answer, asksNothing, nameOf, perform, settleRow } from "@/records/data";
import { keysHeld } from "@/records/forms/fields";
import { OperationDialog } from "@/records/forms/operation-dialog";
import { partsAsked, partsOf } from "@/records/forms/parts";
import { useSlots } from "@/records/slots";
import { Menu } from "@/ui/menu";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const ARCHIVE = "archive";
type Named = [string, OperationMeta];
/** A verb that is being asked about; with what its parts are in this version, which it does not change in another. */
type Asked = { name: string; operation: OperationMeta; initial?: Record<string, unknown>; version?: number };
/** Something one may do that is no verb of the record. */
export type Act = { key: string; label: ReactNode; run: () => void };
type Props = {
  plural: string;
  row: Row;
  shown?: number;
  hide?: string[];
  /** Keys that do a verb while the record is on the screen. */
  keys?: Record<string, string>;
  /** What will come of a verb, said before it is done; with it even a verb that needs nothing asks first. */
  about?: (name: string) => ReactNode;
  done?: (answer: Answer) => void;
  /** What else stands in the menu: other things one may do here. */
  more?: Act[];
};

/** Hiding a record, and bringing it back: the pair that every kind of record with an archive has. */
export function useArchive(record: RecordMeta | undefined, row: Row) {
  const client = useQueryClient();
  const send = async (verb: "archive" | "restore") => {
    settleRow(client, record?.plural ?? "", await api.post<Row>(`/api/${record?.plural}/${row.id}/${verb}`));
  };
  return {
    archived: Boolean(row.archived_at),
    may: row.can?.includes(`${record?.name}.archive`) ?? false,
    archive: async () => {
      await send("archive");
      say(t("ui.record.archived", { name: nameOf(record, row) }), {
        action: { label: t("ui.undo.do"), run: () => send("restore") },
      });
    },
    restore: () => send("restore"),
  };
}

/** Does an operation to a record with everything around it: the answer put in place, the way back offered. */
export function useOperation(plural: string, row: Row) {
  const client = useQueryClient();
  const record = useMeta().records[plural];
  return async (
    operation: OperationMeta,
    input: Record<string, unknown>,
    version?: number,
  ): Promise<Answer> => {
    const answer = await perform(operation, row.id, input, undefined, version);
    settleRow(client, plural, answer?.id === row.id ? answer : undefined);
    const parts = Object.keys(input).flatMap((name) => record?.children[name]?.plural ?? []);
    for (const part of parts) settleRow(client, part, undefined);
    void client.invalidateQueries({ queryKey: ["records", plural, "one", row.id] });
    const name = nameOf(record, row);
    say(t("ui.operation.done", { what: operation.label, name }));
    return answer;
  };
}

/** The verbs that make sense for a record now, those that come first in front. */
export function usePossible(plural: string, row: Row | undefined): Named[] {
  const meta = useMeta();
  const wish = useSlots(plural).verbs;
  if (!row) return [];
  const { first = [], hide = [] } = wish?.(row) ?? {};
  const place = ([name]: Named) => (first.includes(name) ? first.indexOf(name) : first.length);
  return operationsOn(meta, plural)
    .filter(([name, operation]) => operation.one && row.can?.includes(name) && !hide.includes(name))
    .sort((a, b) => place(a) - place(b));
}

/** What may be done with this record now: the first as buttons, the others in a menu; some by a key. */
export function OperationButtons({
  plural,
  row,
  shown = 2,
  hide = [],
  keys = {},
  about,
  done,
  more = [],
}: Props) {
  const meta = useMeta();
  const run = useOperation(plural, row);
  const [asking, setAsking] = useState<Asked | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const record = meta.records[plural];
  const possible = usePossible(plural, row).filter(([name]) => !hide.includes(name));
  const act = async ([name, operation]: Named) => {
    const parts = partsAsked(meta, plural, name, operation);
    const asks = !asksNothing(operation) || operation.confirm || about?.(name);
    if (asks && !parts.length) return setAsking({ name, operation });
    setBusy(name);
    try {
      if (asks) {
        const initial = await partsOf(plural, row, parts);
        return setAsking({ name, operation, initial, version: row.version });
      }
      const answer = await run(operation, {}); // not inside of `done?.()`: without `done` nothing would be done
      done?.(answer);
    } catch (error) {
      say(problemText(error), { tone: "broken" });
    } finally {
      setBusy(null);
    }
  };
  const byKey = (name: string) => {
    const found = possible.find(([one]) => one === name);
    if (found) void act(found);
  };
  useKeys(Object.fromEntries(Object.entries(keys).map(([key, name]) => [key, () => byKey(name)])));
  const { later = [] } = useSlots(plural).verbs?.(row) ?? {};
  const front = possible.filter(([name]) => !later.includes(name)).slice(0, shown);
  const rest = possible.filter((one) => !front.includes(one));
  const archive = useArchive(record, row);
  const keep = archive.archived ? archive.restore : archive.archive;
  const menu = [
    ...more.map(({ key, label }) => ({ key, label })),
    ...rest.map(([name, operation]) => ({ key: name, label: operation.label })),
    ...(archive.may
      ? [{ key: ARCHIVE, label: t(archive.archived ? "ui.record.restore" : "ui.record.archive") }]
      : []),
  ];
  return (
    <>
      {front.map(([name, operation]) => (
        <Button key={name} loading={busy === name} onClick={() => void act([name, operation])}>
          {operation.label}
        </Button>
      ))}
      {menu.length > 0 && (
        <Menu
          menu={{
            items: menu,
            onClick: ({ key }) => {
              if (key === ARCHIVE) {
                keep().catch((error: unknown) => say(problemText(error), { tone: "broken" }));
                return;
              }
              more.find((one) => one.key === key)?.run();
              const operation = meta.operations[key];
              if (operation) void act([key, operation]);
            },
          }}
        >
          <Button icon={<MoreHorizontal size={16} aria-hidden />} aria-label={t("ui.operation.more")} />
        </Menu>
      )}
      {asking && (
        <OperationDialog
          operation={asking.operation}
          name={asking.name}
          subject={nameOf(record, row)}
          initial={{ ...keysHeld(asking.operation, row), ...asking.initial }}
          about={about?.(asking.name)}
          close={() => setAsking(null)}
          submit={async (input) => {
            const answer = await run(asking.operation, input, asking.version);
            setAsking(null);
            done?.(answer);
          }}
        />
      )}
    </>
  );
}
