import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Radio, Select } from "antd";
import dayjs from "dayjs";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useMay, useMe } from "@/api/session";
import css from "@/features/settings/holidays.module.css";
import { Sheet } from "@/features/settings/sheet";
import sheet from "@/features/settings/sheet.module.css";
import { dayKey } from "@/lib/clock";
import { formatDayOfYear, formatMonth, formatWeekday } from "@/lib/format";
import { countryName } from "@/lib/regions";
import { t } from "@/lib/words";
import { DayInput } from "@/ui/day-input";
import { Empty, ProblemNote, Refusal, Skeleton } from "@/ui/states";
import { say } from "@/ui/toast";

type Day = { day: string; name: string; works: boolean; public: boolean; own: boolean; id: string | null };
type Calendar = {
  calendar: string;
  country: string;
  subdivision: string;
  /** The part that counts where none is chosen. */
  usual: string;
  countries: Record<string, [string, string][]>;
  days: Day[];
};

const QUERY = ["calendar"];
const NONE = "none";

/** A change of the calendar, after which all of it is asked for again. */
function useChange<T>(change: (given: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: QUERY });
      await client.invalidateQueries({ queryKey: ["office_hours"] });
      say(t("ui.settings.saved"));
    },
  });
}

type Own = Pick<Day, "day" | "name" | "works">;

const put = (given: Own) => api.post("/api/holidays", given);

/** Whose public holidays count: the company's country, another one or a part of it, or none. */
function Place({ known }: { known: Calendar }) {
  const { company } = useMe();
  const may = useMay("workspace.holiday.choose_calendar");
  const choose = useChange((calendar: string) => api.post("/api/holidays/choose_calendar", { calendar }));
  const [country = ""] = known.calendar.split("-");
  const parts = known.countries[known.country] ?? [];
  const others = Object.keys(known.countries)
    .map((value) => ({ value, label: countryName(value) }))
    .sort((a, b) => a.label.localeCompare(b.label, document.documentElement.lang));
  const own = company.country
    ? t("ui.holidays.own_country", { country: countryName(company.country) })
    : t("ui.holidays.own_country_unknown");
  return (
    <Form layout="vertical" className={css.place} disabled={!may || choose.isPending}>
      <Form.Item label={t("ui.holidays.of")} htmlFor="holidays-of">
        <Select
          id="holidays-of"
          showSearch={{ optionFilterProp: "label" }}
          value={country}
          options={[{ value: "", label: own }, { value: NONE, label: t("ui.holidays.none") }, ...others]}
          onChange={(value) => choose.mutate(value)}
        />
      </Form.Item>
      {parts.length > 0 && (
        <Form.Item label={t("ui.holidays.part")} htmlFor="holidays-part">
          <Select
            id="holidays-part"
            showSearch={{ optionFilterProp: "label" }}
            value={known.subdivision}
            options={[
              ...(known.usual ? [] : [{ value: "", label: t("ui.holidays.whole") }]),
              ...parts.map(([value, label]) => ({ value, label })),
            ]}
            onChange={(part) => choose.mutate(part ? `${known.country}-${part}` : known.country)}
          />
        </Form.Item>
      )}
      <Refusal error={choose.error} />
    </Form>
  );
}

/** A day of the company's own, off or worked. */
function AddDay() {
  const [form] = Form.useForm<Own>();
  const add = useChange(async (own: Own) => {
    await put(own);
    form.resetFields();
  });
  return (
    <section>
      <h2>{t("ui.holidays.add")}</h2>
      <Form
        form={form}
        name="holiday"
        layout="vertical"
        requiredMark={false}
        scrollToFirstError={{ focus: true, block: "center" }}
        className={css.add}
        initialValues={{ works: false }}
        onFinish={(values: Own) => add.mutate(values)}
      >
        <Form.Item
          name="day"
          label={t("ui.holidays.day")}
          rules={[{ required: true, message: t("ui.holidays.day_missing") }]}
        >
          <DayInput className={css.full} min={dayKey(new Date())} />
        </Form.Item>
        <Form.Item
          name="name"
          label={t("ui.holidays.name")}
          rules={[{ required: true, whitespace: true, message: t("ui.holidays.name_missing") }]}
        >
          <Input maxLength={120} placeholder={t("ui.holidays.name_hint")} />
        </Form.Item>
        <Form.Item name="works" label={t("ui.holidays.that_day")}>
          <Radio.Group
            optionType="button"
            options={[
              { value: false, label: t("ui.holidays.off") },
              { value: true, label: t("ui.holidays.worked") },
            ]}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={add.isPending}>
          {t("ui.holidays.add_day")}
        </Button>
        <Refusal error={add.error} />
      </Form>
    </section>
  );
}

/** One day: when, what it is called, whether it is worked, and the choice to have it otherwise. */
function DayLine({ day, may }: { day: Day; may: boolean }) {
  const worked = t(day.own ? "ui.holidays.worked" : "ui.holidays.worked_weekend");
  const name = day.name || worked;
  const change = useChange(() =>
    day.id ? api.post(`/api/holidays/${day.id}/remove`, {}) : put({ day: day.day, name, works: !day.works }),
  );
  const otherwise = t(day.works ? "ui.holidays.have_it_off" : "ui.holidays.work_it");
  const act = day.id ? t("ui.holidays.remove") : otherwise;
  const state = day.works ? worked : day.own && t("ui.holidays.off");
  return (
    <li className={`${sheet.line} ${css.line}`}>
      <span className={css.when}>
        <time dateTime={day.day}>{formatDayOfYear(day.day)}</time>
        <span>{formatWeekday(dayjs(day.day).day() || 7)}</span>
      </span>
      <span>
        {name}{" "}
        <span className={css.state}>
          {[name !== state && state, day.own && t("ui.holidays.own")].filter(Boolean).join(" · ")}
        </span>
        {change.error && <Refusal error={change.error} />}
      </span>
      {may && (
        <Button
          size="small"
          type="link"
          loading={change.isPending}
          aria-label={t("ui.holidays.act_upon", { act, name, day: formatDayOfYear(day.day) })}
          onClick={() => change.mutate(undefined)}
        >
          {act}
        </Button>
      )}
    </li>
  );
}

/** The days off and the worked weekends of the coming twelve months, and the company's own. */
export function HolidaysPage() {
  const { data, error, refetch } = useQuery({
    queryKey: QUERY,
    queryFn: () => api.get<Calendar>("/api/calendar"),
  });
  const may = useMay("workspace.holiday.put");
  const rules = useMay("workspace.setting.choose");
  const months = [...new Set(data?.days.map(({ day }) => day.slice(0, 7)))];
  return (
    <Sheet here="/settings/holidays" title={t("ui.settings.holidays")}>
      {error ? <ProblemNote error={error} retry={refetch} /> : !data && <Skeleton lines={9} />}
      {data && (
        <>
          <p className={sheet.intro}>
            {t("ui.holidays.intro")} {rules && <Link to="/settings/rules">{t("ui.holidays.rules")}</Link>}
          </p>
          <Place known={data} />
          {may && <AddDay />}
          {months.length === 0 && (
            <Empty inside title={t("ui.holidays.empty")} text={may ? t("ui.holidays.empty_text") : ""} />
          )}
          {months.map((month) => (
            <section key={month}>
              <h2>{formatMonth(month)}</h2>
              <ul>
                {data.days
                  .filter(({ day }) => day.startsWith(month))
                  .map((day) => (
                    <DayLine key={day.day} day={day} may={may} />
                  ))}
              </ul>
            </section>
          ))}
          {may && months.length > 0 && <p className={sheet.intro}>{t("ui.holidays.to_come")}</p>}
        </>
      )}
    </Sheet>
  );
}
