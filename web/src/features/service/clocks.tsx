import type { Row } from "@/api/types";
import css from "@/features/service/clocks.module.css";
import { formatDuration, formatMoment } from "@/lib/format";
import { useNow } from "@/lib/use-later";
import { t } from "@/lib/words";
import { Mark, type Tone } from "@/ui/figure";

type Promise_ = { begins: string; due: string; kept: string | null };
const NEAR = 0.25;

const ms = (moment: string) => new Date(moment).getTime();

/** How a promise stands: kept or broken once it is done; running, near its end or over while it is not. */
export function standing(
  { begins, due, kept }: Promise_,
  now: Date,
): { tone: Tone; seconds: number; over: boolean; done: boolean } {
  if (kept) {
    const over = ms(kept) > ms(due);
    return {
      tone: over ? "broken" : "kept",
      seconds: Math.abs(ms(due) - ms(kept)) / 1_000,
      over,
      done: true,
    };
  }
  const left = (ms(due) - now.getTime()) / 1_000;
  const whole = Math.max(1, (ms(due) - ms(begins)) / 1_000);
  const tone = left < 0 ? "broken" : left < whole * NEAR ? "risk" : "plain";
  return { tone, seconds: Math.abs(left), over: left < 0, done: false };
}

function words(state: ReturnType<typeof standing>, fine: boolean): string {
  const seconds = fine || state.seconds < 120 ? state.seconds : state.seconds - (state.seconds % 60);
  const time = formatDuration(seconds);
  if (state.done) return t(state.over ? "ui.clock.was_late" : "ui.clock.was_kept", { time });
  return t(state.over ? "ui.clock.over" : "ui.clock.left", { time });
}

/** The running clock of one promise. */
export function Clock({ begins, due, kept, fine = false }: Promise_ & { fine?: boolean }) {
  const now = useNow(fine ? 1_000 : 20_000);
  const state = standing({ begins, due, kept }, now);
  return (
    <span title={formatMoment(due)}>
      <Mark tone={state.tone}>{words(state, fine)}</Mark>
    </span>
  );
}

/** In a list: the earliest promise that still runs. */
export function NextDue({ row }: { row: Row }) {
  if (typeof row.next_due_at !== "string") return <span className={css.none}>–</span>;
  return <Clock begins={String(row.complained_at ?? row.received_at)} due={row.next_due_at} kept={null} />;
}

/** On the page: the answer and the solution, each against its own promise, to the second. */
export function TicketClocks({ row }: { row: Row }) {
  const complaint = row.kind === "complaint";
  const begins = String((complaint && row.complained_at) || row.received_at);
  const answered = (complaint ? row.complaint_replied_at : row.first_human_reply_at) as string | null;
  return (
    <dl className={css.clocks}>
      <div>
        <dt>{t("ui.clock.reply")}</dt>
        <dd>
          <Clock begins={begins} due={String(row.reply_due_at)} kept={answered} fine />
        </dd>
      </div>
      <div>
        <dt>{t("ui.clock.solve")}</dt>
        <dd>
          <Clock
            begins={String(row.received_at)}
            due={String(row.solve_due_at)}
            kept={row.solved_at as string | null}
            fine
          />
        </dd>
      </div>
    </dl>
  );
}
