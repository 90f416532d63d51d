import { Checkbox, Form, InputNumber } from "antd";
import { useMeta } from "@/api/session";
import { STOPS } from "@/features/marketing/data";
import css from "@/features/marketing/strategy-page.module.css";
import { t } from "@/lib/words";

/** Every how many days, how many times at most, what stops it for a customer, and how many are left alone. */
export function RhythmFields({ once }: { once: boolean }) {
  const fields = useMeta().records.strategies?.fields ?? {};
  const everyDays = Form.useWatch("every_days");
  const label = (name: string) => fields[name]?.label ?? name;
  return (
    <>
      {once && (
        <div className={css.pair}>
          <Form.Item name="every_days" label={label("every_days")} extra={t("ui.strategy.rhythm_help")}>
            <InputNumber
              min={1}
              max={366}
              precision={0}
              className={css.full}
              suffix={t("ui.condition.days")}
              placeholder={t("ui.strategy.once")}
            />
          </Form.Item>
          {everyDays && (
            <Form.Item name="most_rounds" label={label("most_rounds")} extra={t("ui.strategy.rounds_help")}>
              <InputNumber
                min={1}
                max={1000}
                precision={0}
                className={css.full}
                placeholder={t("ui.strategy.no_limit")}
              />
            </Form.Item>
          )}
        </div>
      )}
      <Form.Item name="stops" label={label("stops")} extra={t("ui.strategy.stops_help")}>
        <Checkbox.Group
          className={css.stops ?? ""}
          options={STOPS.map((value) => ({ value, label: t(`ui.strategy.stop_${value}`) }))}
        />
      </Form.Item>
      <div className={css.pair}>
        <Form.Item
          name="most_contacts"
          label={label("most_contacts")}
          extra={t("ui.strategy.most_contacts_help")}
        >
          <InputNumber
            min={1}
            max={1000}
            precision={0}
            className={css.full}
            placeholder={t("ui.strategy.no_limit")}
          />
        </Form.Item>
        <Form.Item name="hold_out" label={label("hold_out")} extra={t("ui.strategy.hold_out_help")}>
          <InputNumber min={0} max={90} precision={0} className={css.full} suffix="%" />
        </Form.Item>
      </div>
    </>
  );
}
