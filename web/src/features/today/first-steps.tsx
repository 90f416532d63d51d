import { Button } from "antd";
import { useNavigate } from "react-router";
import { useMeta } from "@/api/session";
import css from "@/features/today/today-page.module.css";
import { t } from "@/lib/words";
import { useCount } from "@/records/data";

const EVERYBODY = {};
const STEPS = [
  { plural: "customers", may: "customers.customer.create", to: "/import", words: "start", act: "import" },
  {
    plural: "mailboxes",
    may: "channels.mailbox.connect",
    to: "/mailboxes",
    words: "mailbox",
    act: "mailbox",
  },
];

/** What an empty house wants first; each act stands here until it is done. */
export function FirstSteps() {
  return (
    <div className={css.first}>
      {STEPS.map((step) => (
        <Step key={step.plural} {...step} />
      ))}
    </div>
  );
}

function Step({ plural, may, to, words, act }: (typeof STEPS)[number]) {
  const { records } = useMeta();
  const allowed = records[plural]?.create === may;
  const count = useCount(plural, EVERYBODY, allowed);
  const navigate = useNavigate();
  // What was counted before somebody brought files in would stand here for a moment, and move what one is about to press.
  const counted = count.isFetchedAfterMount || !count.isStale;
  if (!allowed || !counted || count.data?.n !== 0) return null;
  return (
    <section className={css.steps}>
      <h2>{t(`ui.today.${words}`)}</h2>
      <p>{t(`ui.today.${words}_text`)}</p>
      <div className={css.stepButtons}>
        <Button type={plural === "customers" ? "primary" : "default"} onClick={() => navigate(to)}>
          {t(`ui.today.${act}`)}
        </Button>
      </div>
    </section>
  );
}
