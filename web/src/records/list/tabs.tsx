import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { useMe, useMeta } from "@/api/session";
import type { Count } from "@/api/types";
import { t } from "@/lib/words";
import { ListName } from "@/records/list/list-name";
import css from "@/records/list/tabs.module.css";
import { useTabs } from "@/records/slots";

type Props = { of: string; here: string; count?: Count | null | undefined };

/** The lists and pages that make one place, as tabs; how many there are stands at the one that is open. */
export function Tabs({ of, here, count }: Props) {
  const { records } = useMeta();
  const { may } = useMe();
  const bar = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is open when the address is another
  useEffect(() => {
    const open = bar.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (bar.current && open)
      bar.current.scrollLeft = open.offsetLeft - (bar.current.clientWidth - open.offsetWidth) / 2;
  }, [here]);
  const tabs = useTabs(of).filter((tab) => !tab.may || may.includes(tab.may));
  return (
    <nav ref={bar} className={css.tabs} aria-label={t("ui.list.beside")}>
      {tabs.map(({ to, plural = "", label }) => {
        const meta = records[plural];
        const name = label ? t(label) : meta && <ListName meta={meta} count={to === here ? count : null} />;
        return (
          name && (
            <Link key={to} to={to} aria-current={to === here ? "page" : undefined}>
              {name}
            </Link>
          )
        );
      })}
    </nav>
  );
}
