import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, InputNumber, Switch } from "antd";
import { useId, useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import css from "@/features/settings/rules.module.css";
import { Sheet } from "@/features/settings/sheet";
import sheet from "@/features/settings/sheet.module.css";
import { formatMoment, formatNumber } from "@/lib/format";
import { type Counting, standardText } from "@/lib/units";
import { t } from "@/lib/words";
import { ProblemNote, Refusal, Skeleton } from "@/ui/states";
import { say } from "@/ui/toast";

type Value = boolean | number | string;
type Rule = {
  name: string;
  label: string;
  help: string;
  kind: "yes_no" | "number" | "time" | "text" | "list";
  whole: boolean;
  unit: string;
  counted_in: Counting;
  least: number | null;
  most: number | null;
  value: Value;
  default: Value;
  standard: boolean;
  since: string | null;
  by: string | null;
};

const QUERY = ["settings"];
const domainOf = ({ name }: Rule) => name.split(".")[0];

function valueText({ kind, unit, counted_in }: Rule, value: Value): string {
  if (kind === "yes_no") return t(value ? "ui.settings.yes" : "ui.settings.no");
  if (unit) return standardText({ value: Number(value), unit, counted_in });
  return kind === "number" ? formatNumber(Number(value)) : String(value) || "–";
}

/** Who chose what holds, and when; else that it is what ships. */
function Since({ rule }: { rule: Rule }) {
  if (!rule.since) return t("ui.settings.ships");
  const date = formatMoment(rule.since);
  return rule.by ? t("ui.settings.chosen_by", { name: rule.by, date }) : t("ui.settings.chosen", { date });
}

/** What a rule is chosen with: a switch at once, what is typed when one leaves it or presses Enter. */
function Control({ rule, id, choose }: { rule: Rule; id: string; choose: (value: Value) => void }) {
  const [typed, setTyped] = useState<Value | null>(rule.value);
  if (rule.kind === "yes_no")
    return <Switch id={id} checked={Boolean(rule.value)} onChange={(checked) => choose(checked)} />;
  const done = () => {
    const said = rule.kind === "time" ? String(typed).replace(/^\d:/, "0$&") : typed;
    if (said === null || said === "") setTyped(rule.value);
    else if (said !== rule.value) choose(said);
  };
  if (rule.kind === "number")
    return (
      <InputNumber
        id={id}
        className={css.typed}
        value={Number(typed)}
        {...(rule.whole && { precision: 0 })}
        onChange={(value) => setTyped(value)}
        onBlur={done}
        onPressEnter={done}
      />
    );
  return (
    <Input
      id={id}
      {...(rule.kind === "time" && { className: css.typed })}
      value={String(typed ?? "")}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={done}
      onPressEnter={done}
    />
  );
}

function RuleLine({ rule }: { rule: Rule }) {
  const id = useId();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (value: Value | null) =>
      value === null
        ? api.post("/api/setting/reset", { name: rule.name })
        : api.post("/api/setting/choose", { name: rule.name, value }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: QUERY });
      say(t("ui.settings.saved"));
    },
  });
  return (
    <li className={`${sheet.line} ${css.line}`}>
      <div>
        <label htmlFor={id}>{rule.label}</label>
        <p className={css.help}>{rule.help}</p>
        <Refusal error={change.error} />
      </div>
      <div className={css.control}>
        <Control key={String(rule.value)} rule={rule} id={id} choose={change.mutate} />
        <p className={css.help}>
          <Since rule={rule} />
        </p>
        {rule.value !== rule.default && (
          <Button type="link" size="small" onClick={() => change.mutate(null)}>
            {t("ui.settings.back", { value: valueText(rule, rule.default) })}
          </Button>
        )}
      </div>
    </li>
  );
}

/** What holds for everybody in the house: rules chosen here, and numbers that the protocol promises. */
export function RulesPage() {
  const { data, error, refetch } = useQuery({
    queryKey: QUERY,
    queryFn: () => api.get<{ settings: Rule[] }>("/api/settings"),
  });
  const rules = data?.settings.filter(({ standard }) => !standard);
  const domains = [...new Set(rules?.map(domainOf))];
  const standards = data?.settings.filter(({ standard }) => standard);
  return (
    <Sheet here="/settings/rules" title={t("ui.settings.rules")}>
      {error ? <ProblemNote error={error} retry={refetch} /> : !data && <Skeleton lines={9} />}
      {rules && <p className={sheet.intro}>{t("ui.settings.rules_intro")}</p>}
      {domains.map((domain) => (
        <section key={domain}>
          <h2>{t(`ui.figure.of_${domain}`)}</h2>
          <ul>
            {rules
              ?.filter((rule) => domainOf(rule) === domain)
              .map((rule) => (
                <RuleLine key={rule.name} rule={rule} />
              ))}
          </ul>
        </section>
      ))}
      {standards && (
        <section>
          <h2>{t("ui.settings.standards")}</h2>
          <p className={sheet.intro}>
            {t("ui.settings.standards_help")} <Link to="/protocol">{t("ui.settings.to_protocol")}</Link>
          </p>
          <ul>
            {standards.map((rule) => (
              <li key={rule.name} className={`${sheet.line} ${css.line}`}>
                <span>{rule.label}</span>
                <div className={css.control}>
                  <span>{valueText(rule, rule.value)}</span>
                  <p className={css.help}>
                    <Since rule={rule} />
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Sheet>
  );
}
