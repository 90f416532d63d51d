import { DatePicker, Segmented } from "antd";
import dayjs from "dayjs";
import { type Dates, type Days, PERIODS, spanOf } from "@/features/marketing/effects";
import css from "@/features/marketing/effects-page.module.css";
import { dayKey } from "@/lib/clock";
import { t } from "@/lib/words";

type Props = {
  days: Days;
  dates: Dates | null;
  zone: string;
  choose: (period: Days | Dates) => void;
};

/** Over which time: some days back, all, or from one day to another. */
export function PeriodChoice({ days, dates, zone, choose }: Props) {
  const options = [
    ...PERIODS.map((value) => ({ value: String(value), label: t(`ui.effect.days_${value}`) })),
    { value: "own", label: t("ui.effect.own_dates") },
  ];
  const today = dayKey(new Date(), zone);
  /** One's own dates begin as those that were shown. */
  const begun = (): Dates => {
    const { start } = spanOf(days || 365, zone);
    return { from: start ? dayKey(new Date(start), zone) : today, to: today };
  };
  return (
    <div className={css.period}>
      <Segmented<string>
        aria-label={t("ui.effect.period")}
        options={options}
        value={dates ? "own" : String(days)}
        onChange={(value) =>
          choose(value === "own" ? begun() : (PERIODS.find((one) => String(one) === value) ?? 365))
        }
      />
      {dates && (
        <div className={css.dates}>
          {(["from", "to"] as const).map((name) => (
            <DatePicker
              key={name}
              aria-label={t(`ui.effect.${name}`)}
              placeholder={t(`ui.effect.${name}`)}
              allowClear={false}
              value={dayjs(dates[name])}
              maxDate={dayjs(name === "from" ? dates.to : today)}
              {...(name === "to" && { minDate: dayjs(dates.from) })}
              onChange={(day) => day && choose({ ...dates, [name]: day.format("YYYY-MM-DD") })}
            />
          ))}
        </div>
      )}
    </div>
  );
}
