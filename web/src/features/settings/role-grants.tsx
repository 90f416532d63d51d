import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Select } from "antd";
import { useMemo } from "react";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Meta, Row } from "@/api/types";
import css from "@/features/settings/settings.module.css";
import { t } from "@/lib/words";
import { settleRow } from "@/records/data";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const PUT = "workspace.role.put";
const REACHES = [0, 1, 2, 3, 4];

/** How far a right goes by the most exact name that is written down: `a.b.c`, else `a.b.*`, `a.*`, `*`. */
export function reachOf(grants: Record<string, number>, permission: string): number {
  const parts = permission.split(".");
  const verb = parts[parts.length - 1];
  const names = [
    permission,
    `${parts.slice(0, 2).join(".")}.*`,
    `${parts[0]}.*.${verb}`,
    `${parts[0]}.*`,
    "*",
  ];
  return grants[names.find((name) => name in grants) ?? ""] ?? 0;
}

function permissionsOf(meta: Meta): [string, [string, string][]][] {
  return Object.values(meta.records).map((record) => [
    record.label.many,
    [
      [`${record.name}.read`, t("ui.settings.right_read")],
      [`${record.name}.create`, t("ui.settings.right_create")],
      [`${record.name}.change`, t("ui.settings.right_change")],
      [`${record.name}.archive`, t("ui.record.archive")],
      ...record.operations.map((name): [string, string] => [name, meta.operations[name]?.label ?? name]),
    ],
  ]);
}

/** What a role may do and how far, right by right. */
export function RoleGrants({ row }: { row: Row }) {
  const meta = useMeta();
  const client = useQueryClient();
  const grants = (row.grants ?? {}) as Record<string, number>;
  const groups = useMemo(() => permissionsOf(meta), [meta]);
  const save = useMutation({
    mutationFn: (next: Record<string, number>) =>
      api.post<Row>(meta.operations[PUT]?.path ?? "", { key: row.key, name: row.name, grants: next }),
    onSuccess: (fresh) => settleRow(client, "roles", fresh),
    onError: (error) => say(problemText(error), { tone: "broken" }),
  });
  const options = REACHES.map((value) => ({ value, label: t(`ui.settings.reach_${value}`) }));
  return (
    <div className={css.grants}>
      {groups.map(([title, rights]) => (
        <section key={title}>
          <h2>{title}</h2>
          <table>
            <tbody>
              {rights.map(([name, label]) => (
                <tr key={name}>
                  <th scope="row">{label}</th>
                  <td>
                    <Select
                      size="small"
                      variant="borderless"
                      className={css.reach}
                      aria-label={t("ui.value.labelled", { label: title, value: label })}
                      disabled={!(PUT in meta.operations) || row.key === "owner"}
                      options={options}
                      value={reachOf(grants, name)}
                      onChange={(reach) => save.mutate({ ...grants, [name]: reach })}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </div>
  );
}
