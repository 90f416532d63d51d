import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Select } from "antd";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Meta, RecordMeta, Row } from "@/api/types";
import css from "@/features/settings/settings.module.css";
import { t } from "@/lib/words";
import { settleRow } from "@/records/data";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const PUT = "workspace.role.put";
const REACHES = [0, 1, 2, 3, 4];
const MASKED = 1;
const LIKE_THE_RECORD = 3;
const LEVELS = [0, MASKED, 2, LIKE_THE_RECORD];

/** How far a right goes by the most exact name that is written down: `a.b.c`, else `a.b.*`, `a.*`, `*`. */
export function reachOf(grants: Record<string, number>, permission: string): number {
  const parts = permission.split(".");
  const names = [permission, `${parts.slice(0, 2).join(".")}.*`, `${parts[0]}.*`, "*"];
  return grants[names.find((name) => name in grants) ?? ""] ?? 0;
}

function rightsOn(meta: Meta, record: RecordMeta): [string, string][] {
  // What only its own verbs change is not changed field by field.
  const changed = record.extensible || Object.values(record.fields).some(({ writable }) => writable);
  return [
    [`${record.name}.read`, t("ui.settings.right_read")],
    [`${record.name}.create`, t("ui.settings.right_create")],
    ...(changed ? [[`${record.name}.change`, t("ui.settings.right_change")] as [string, string]] : []),
    [`${record.name}.archive`, t("ui.record.archive")],
    [`${record.name}.reveal`, t("ui.settings.right_reveal")],
    ...record.operations.map((name): [string, string] => [name, meta.operations[name]?.label ?? name]),
  ];
}

/** What one works with every day stands before what the house itself is made of. */
const daily = (one: RecordMeta, other: RecordMeta) =>
  Number(one.name.startsWith("workspace.")) - Number(other.name.startsWith("workspace."));

type Role = { grants: Record<string, number>; fields: Record<string, number> };

/** What a role may do and how far, right by right, and which fields it opens less than that. */
export function RoleGrants({ row }: { row: Row }) {
  const meta = useMeta();
  const client = useQueryClient();
  const role = { grants: row.grants ?? {}, fields: row.fields ?? {} } as Role;
  const save = useMutation({
    mutationFn: (next: Partial<Role>) =>
      api.post<Row>(meta.operations[PUT]?.path ?? "", { key: row.key, name: row.name, ...role, ...next }),
    onSuccess: (fresh) => settleRow(client, "roles", fresh),
    onError: (error) => say(problemText(error), { tone: "broken" }),
  });
  const fixed = !(PUT in meta.operations) || row.key === "owner";
  return (
    <div className={css.grants}>
      {[...Object.values(meta.records)].sort(daily).map((record) => (
        <Noun key={record.name} {...{ record, role, fixed }} save={save.mutate} />
      ))}
    </div>
  );
}

function Noun({
  record,
  role,
  fixed,
  save,
}: {
  record: RecordMeta;
  role: Role;
  fixed: boolean;
  save: (next: Partial<Role>) => void;
}) {
  const meta = useMeta();
  const title = record.label.many;
  const reaches = REACHES.map((value) => ({ value, label: t(`ui.settings.reach_${value}`) }));
  const levels = LEVELS.map((value) => ({ value, label: t(`ui.settings.level_${value}`) }));
  const whole = (field: string) => `${record.name}.${field}`;
  const closable = Object.entries(record.fields).filter(([, field]) => field.closable);
  const narrowed = closable.filter(([name]) => whole(name) in role.fields);
  const others = closable.filter(([name]) => !(whole(name) in role.fields));
  const narrow = (field: string, level: number) => {
    const { [field]: _, ...rest } = role.fields;
    save({ fields: level === LIKE_THE_RECORD ? rest : { ...rest, [field]: level } });
  };
  return (
    <section>
      <h2>{title}</h2>
      <table>
        <tbody>
          {rightsOn(meta, record).map(([name, label]) => (
            <Line
              key={name}
              {...{ title, label, fixed }}
              options={reaches}
              value={reachOf(role.grants, name)}
              choose={(reach) => save({ grants: { ...role.grants, [name]: reach } })}
            />
          ))}
          {narrowed.map(([name, { label }]) => (
            <Line
              key={name}
              {...{ title, fixed }}
              label={t("ui.settings.field", { field: label })}
              options={levels}
              value={role.fields[whole(name)] ?? LIKE_THE_RECORD}
              choose={(level) => narrow(whole(name), level)}
            />
          ))}
        </tbody>
      </table>
      {!fixed && others.length > 0 && (
        <Select
          size="small"
          variant="borderless"
          showSearch={{ optionFilterProp: "label" }}
          className={css.narrow}
          aria-label={t("ui.value.labelled", { label: title, value: t("ui.settings.narrow") })}
          placeholder={t("ui.settings.narrow")}
          options={others.map(([name, { label }]) => ({ value: whole(name), label }))}
          value={null}
          onChange={(field: string | null) => field && narrow(field, MASKED)}
        />
      )}
    </section>
  );
}

function Line({
  title,
  label,
  fixed,
  options,
  value,
  choose,
}: {
  title: string;
  label: string;
  fixed: boolean;
  options: { value: number; label: string }[];
  value: number;
  choose: (value: number) => void;
}) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>
        <Select
          size="small"
          variant="borderless"
          className={css.reach}
          aria-label={t("ui.value.labelled", { label: title, value: label })}
          disabled={fixed}
          options={options}
          value={value}
          onChange={choose}
        />
      </td>
    </tr>
  );
}
