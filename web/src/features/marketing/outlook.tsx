import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Outlook, Strategy } from "@/features/marketing/data";
import css from "@/features/marketing/strategy-page.module.css";
import { formatSaid } from "@/lib/format";
import { t } from "@/lib/words";
import { ProblemNote, Skeleton } from "@/ui/states";

const VERBS = ["pause", "resume", "end"] as const;
type Verb = (typeof VERBS)[number];

/** What becomes of those under way, before a strategy is paused, goes on or ends; nothing for any other verb. */
export function outlookOf(strategy: Strategy) {
  return (name: string) => {
    const verb = VERBS.find((one) => name === `outreach.strategy.${one}`);
    return verb ? <UnderWay strategy={strategy} verb={verb} /> : null;
  };
}

function UnderWay({ strategy, verb }: { strategy: Strategy; verb: Verb }) {
  const outlook = useQuery({
    queryKey: ["place", "outlook", strategy.id],
    queryFn: () => api.post<Outlook>(`/api/strategies/${strategy.id}/outlook`),
  });
  if (outlook.isPending) return <Skeleton lines={3} />;
  if (outlook.isError) return <ProblemNote error={outlook.error} retry={() => void outlook.refetch()} />;
  return (
    <ul className={css.rules}>
      {sentences(outlook.data, verb).map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

function sentences({ waiting, letters, todos, next_at }: Outlook, verb: Verb): string[] {
  const found = [];
  if (waiting > 0) found.push(t(`ui.strategy.${verb}_waiting`, { n: waiting }));
  if (letters > 0) found.push(t("ui.strategy.letters_leave", { n: letters }));
  if (todos > 0) found.push(t("ui.strategy.todos_stay", { n: todos }));
  if (next_at) found.push(t(`ui.strategy.${verb}_rounds`, { at: formatSaid(next_at) }));
  return found.length ? found : [t("ui.strategy.nobody_under_way")];
}
