import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";
import { useLive } from "@/api/use-live";
import { Navigation, PhoneBar } from "@/app/shell/navigation";
import css from "@/app/shell/shell.module.css";
import { TopBar } from "@/app/shell/top-bar";
import { useKept } from "@/lib/kept";
import { useKeys } from "@/lib/keys";
import { useLater } from "@/lib/use-later";
import { usePhone } from "@/lib/use-phone";
import { t } from "@/lib/words";
import { PageTitleProvider } from "@/ui/page-title";
import { Skeleton } from "@/ui/states";

const LOST_MS = 2_000;
const importPalette = () => import("@/app/shell/command-palette");
const CommandPalette = lazy(() => importPalette().then((m) => ({ default: m.CommandPalette })));
const KeysHelp = lazy(() => import("@/app/shell/keys-help").then((m) => ({ default: m.KeysHelp })));

/** The frame around every place: where am I, find, create, notices, me. */
export function Shell() {
  const phone = usePhone();
  const [folded, setFolded] = useKept("nav.folded", false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const { pathname } = useLocation();
  const slow = useLater(useNavigation().state === "loading");
  const lost = useLater(useLive(), LOST_MS);
  const content = useRef<HTMLElement>(null);
  const came = useRef(false);
  useEffect(() => {
    // Whoever presses the key types on at once: the box must not have to be fetched then.
    const timer = setTimeout(importPalette, 2_000);
    return () => clearTimeout(timer);
  }, []);
  useKeys({
    "mod+k": (event) => {
      event.preventDefault();
      setPalette(true);
    },
    "/": (event) => {
      event.preventDefault();
      setPalette(true);
    },
    "?": () => setHelp(true),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new place closes what floated over the old one
  useEffect(() => {
    setPalette(false);
    setHelp(false);
    // What had the keyboard may have gone with the old place: the new one takes it. The first one leaves it to the links above.
    if (came.current && document.activeElement === document.body)
      content.current?.focus({ preventScroll: true });
    came.current = true;
  }, [pathname]);
  return (
    <PageTitleProvider>
      <div className={css.shell} data-phone={phone} data-folded={folded}>
        <a href="#content" className={css.skip}>
          {t("ui.shell.skip")}
        </a>
        {!phone && <Navigation folded={folded} fold={setFolded} />}
        <div className={css.column}>
          <TopBar phone={phone} search={() => setPalette(true)} showKeys={() => setHelp(true)} />
          <div role="status" className={css.lost}>
            {lost && <p>{t("ui.shell.lost")}</p>}
          </div>
          <main ref={content} id="content" className={css.content} tabIndex={-1}>
            <Suspense fallback={<Skeleton lines={12} />}>
              {slow ? <Skeleton lines={12} overdue /> : <Outlet />}
            </Suspense>
          </main>
          {phone && <PhoneBar />}
        </div>
      </div>
      <Suspense fallback={null}>
        {palette && <CommandPalette close={() => setPalette(false)} />}
        {help && <KeysHelp close={() => setHelp(false)} />}
      </Suspense>
      <ScrollRestoration />
    </PageTitleProvider>
  );
}
