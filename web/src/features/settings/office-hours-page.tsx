import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Switch } from "antd";
import { Copy, Plus, X } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useMay } from "@/api/session";
import css from "@/features/settings/office-hours.module.css";
import { Sheet } from "@/features/settings/sheet";
import sheet from "@/features/settings/sheet.module.css";
import { TimeInput } from "@/features/settings/time-input";
import {
  likeMonday,
  MOST_STRETCHES,
  type Stretch,
  sameWeek,
  timeOf,
  type Week,
  withDay,
  withMore,
} from "@/features/settings/week";
import { formatMoment, formatWeekday } from "@/lib/format";
import { t } from "@/lib/words";
import { ProblemNote, Refusal, Skeleton } from "@/ui/states";
import { say } from "@/ui/toast";

type Known = { week: Week; zone: string; open: boolean; opens: string; closes: string };
const QUERY = ["office_hours"];
/** A sign of waiting that ends before it has come in stays in the name of its button. */
const LATE = { delay: 300 };

type DayProps = {
  name: string;
  stretches: Stretch[];
  may: boolean;
  set: (stretches: Stretch[]) => void;
};

/** The stretches of one day, each with the two times it is made of. */
function Stretches({ name, stretches, may, set }: DayProps) {
  const put = (place: number, changed: Partial<Stretch>) =>
    set(stretches.map((one, at) => (at === place ? { ...one, ...changed } : one)));
  return (
    <ul className={css.stretches}>
      {stretches.map((one, place) => (
        <li key={place}>
          <TimeInput
            label={t("ui.office_hours.from", { day: name })}
            value={one.opens}
            disabled={!may}
            set={(opens) => put(place, { opens })}
          />
          <span>{t("ui.office_hours.between")}</span>
          <TimeInput
            label={t("ui.office_hours.to", { day: name })}
            value={one.closes}
            disabled={!may}
            set={(closes) => put(place, { closes })}
          />
          {may && stretches.length > 1 && (
            <Button
              size="small"
              type="text"
              icon={<X size={14} aria-hidden />}
              aria-label={t("ui.office_hours.remove", { day: name, ...one })}
              onClick={({ currentTarget }) => {
                set(stretches.filter((_, at) => at !== place));
                currentTarget.closest("ul")?.querySelector("input")?.focus(); // the button goes with its stretch
              }}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

/** One day of the week: open or closed, and when. */
function DayLine({ name, stretches, may, set, copy }: DayProps & { copy?: () => void }) {
  const open = stretches.length > 0;
  const typed = stretches.flatMap(({ opens, closes }) => [opens, closes]);
  const wrong = typed.find((time) => timeOf(time) === null);
  return (
    <li className={`${sheet.line} ${css.day}`}>
      <span className={css.name}>{name}</span>
      <Switch
        aria-label={name}
        checked={open}
        disabled={!may}
        checkedChildren={t("ui.office_hours.open")}
        unCheckedChildren={t("ui.office_hours.closed")}
        onChange={(checked) => set(checked ? withMore([]) : [])}
      />
      <Stretches name={name} stretches={stretches} may={may} set={set} />
      {may && open && (
        <span className={css.acts}>
          {stretches.length < MOST_STRETCHES && (
            <Button
              size="small"
              type="link"
              icon={<Plus size={14} aria-hidden />}
              aria-label={t("ui.office_hours.add_to", { day: name })}
              onClick={() => set(withMore(stretches))}
            >
              {t("ui.office_hours.add")}
            </Button>
          )}
          {copy && (
            <Button size="small" type="link" icon={<Copy size={14} aria-hidden />} onClick={copy}>
              {t("ui.office_hours.copy")}
            </Button>
          )}
        </span>
      )}
      {wrong !== undefined && (
        <p role="alert" className={css.wrong}>
          {t("ui.office_hours.no_time", { typed: wrong })}
        </p>
      )}
    </li>
  );
}

/** The week to be written, and to be kept when it is. */
function Editor({ known }: { known: Known }) {
  const client = useQueryClient();
  const may = useMay("workspace.office_hours.choose");
  const [week, setWeek] = useState(known.week);
  const save = useMutation({
    mutationFn: () => api.post("/api/office_hours/choose", { week }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: QUERY });
      say(t("ui.settings.saved"));
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending) save.mutate();
      }}
    >
      <ul>
        {week.map((stretches, place) => {
          const name = formatWeekday(place + 1);
          return (
            <DayLine
              key={name}
              name={name}
              stretches={stretches}
              may={may}
              set={(changed) => setWeek((before) => withDay(before, place, changed))}
              {...(place === 0 && { copy: () => setWeek(likeMonday) })}
            />
          );
        })}
      </ul>
      <Refusal error={save.error} />
      {may && (
        <p className={css.save}>
          <Button
            type="primary"
            htmlType="submit"
            loading={save.isPending && LATE}
            disabled={sameWeek(week, known.week)}
          >
            {t("ui.do.save")}
          </Button>
          <span>{t("ui.office_hours.holds")}</span>
        </p>
      )}
    </form>
  );
}

/** When the office is open: what promises in office hours are counted by. */
export function OfficeHoursPage() {
  const { data, error, refetch } = useQuery({
    queryKey: QUERY,
    queryFn: () => api.get<Known>("/api/office_hours"),
  });
  return (
    <Sheet here="/settings/office_hours" title={t("ui.settings.office_hours")}>
      {error ? <ProblemNote error={error} retry={refetch} /> : !data && <Skeleton lines={9} />}
      {data && (
        <>
          <p className={sheet.intro}>
            {t("ui.office_hours.intro")} <Link to="/settings/holidays">{t("ui.office_hours.holidays")}</Link>
            {" · "}
            <Link to="/protocol">{t("ui.office_hours.promises")}</Link>
          </p>
          <p className={css.now} data-open={data.open}>
            {data.open
              ? t("ui.office_hours.is_open", { closes: formatMoment(data.closes, data.zone) })
              : t("ui.office_hours.is_closed", { opens: formatMoment(data.opens, data.zone) })}
          </p>
          <Editor known={data} />
          <p className={sheet.intro}>{t("ui.office_hours.zone", { zone: data.zone })}</p>
        </>
      )}
    </Sheet>
  );
}
