import { Segmented } from "antd";
import { type Dates, type Days, PERIODS, spanOf } from "@/features/marketing/effects";
import css from "@/features/marketing/effects-page.module.css";
import { dayKey } from "@/lib/clock";
import { t } from "@/lib/words";
import { DayInput } from "@/ui/day-input";

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
            <DayInput
              key={name}
              aria-label={t(`ui.effect.${name}`)}
              placeholder={t(`ui.effect.${name}`)}
              allowClear={false}
              value={dates[name]}
              min={name === "to" ? dates.from : undefined}
              max={name === "from" ? dates.to : today}
              onChange={(day) => day && choose({ ...dates, [name]: day })}
            />
          ))}
        </div>
      )}
    </div>
  );
}
