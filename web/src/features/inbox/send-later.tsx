import { Button, Form, Modal, Radio } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import css from "@/features/inbox/composer.module.css";
import { AT_NINE, LATEST_MS, mornings } from "@/features/inbox/later";
import { fromWallClock, readerZone, toWallClock } from "@/lib/clock";
import { formatTimeIn, formatZone } from "@/lib/format";
import { t } from "@/lib/words";
import { DayInput } from "@/ui/day-input";
import { useFocusBack } from "@/ui/focus-back";

const SHOWN = "YYYY-MM-DD HH:mm";

/** Asks when a message shall leave, and by whose clock. */
export function SendLater({
  zone,
  name,
  at,
  take,
  close,
}: {
  /** The customer's, where it shows another time. */
  zone: string | undefined;
  name: string;
  /** When it leaves as things stand. */
  at?: string | undefined;
  take: (at: string) => void;
  close: () => void;
}) {
  useFocusBack();
  const own = readerZone();
  const [shown, setShown] = useState(() =>
    toWallClock(at ?? mornings(new Date()).at(-1)?.at ?? new Date().toISOString()),
  );
  const [theirs, setTheirs] = useState(false);
  const clock = theirs ? zone : own;
  const moment = fromWallClock(shown, clock);
  const ahead = new Date(moment).getTime() - Date.now();
  const wrong = ahead <= 0 || ahead > LATEST_MS;
  return (
    <Modal open title={t("ui.inbox.later")} footer={null} onCancel={close} width={420} destroyOnHidden>
      <Form layout="vertical" requiredMark={false} onFinish={() => !wrong && take(moment)}>
        <Form.Item
          label={t("ui.inbox.later_at")}
          htmlFor="send-later"
          {...(wrong && { validateStatus: "error", help: t("ui.inbox.later_wrong") })}
        >
          <DayInput
            id="send-later"
            autoFocus
            className={css.full}
            showTime={{ format: "HH:mm", minuteStep: 5, defaultValue: dayjs(AT_NINE, "HH:mm") }}
            format={SHOWN}
            showNow={false}
            allowClear={false}
            value={shown}
            onChange={(next) => next && setShown(next)}
          />
        </Form.Item>
        {zone && (
          <Form.Item label={t("ui.inbox.whose_clock")}>
            <Radio.Group
              value={theirs}
              onChange={({ target }) => setTheirs(Boolean(target.value))}
              options={[
                { value: false, label: t("ui.inbox.clock_own", { zone: formatZone(own) }) },
                { value: true, label: t("ui.inbox.clock_theirs", { name, zone: formatZone(zone) }) },
              ]}
            />
          </Form.Item>
        )}
        {zone && !wrong && (
          <p className={css.note}>
            {t("ui.inbox.later_both", {
              own: formatTimeIn(moment, own),
              name,
              theirs: formatTimeIn(moment, zone),
            })}
          </p>
        )}
        <div className={css.acts}>
          <Button onClick={close}>{t("ui.do.cancel")}</Button>
          <Button type="primary" htmlType="submit" disabled={wrong}>
            {t("ui.inbox.later_do")}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
