import { QueryClientProvider, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ConfigProviderProps } from "antd";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { whenSignedOut } from "@/api/client";
import { queryClient } from "@/api/query";
import { meQuery, startQuery, wordsQuery } from "@/api/session";
import { ErrorBoundary } from "@/app/error-boundary";
import { linkHere } from "@/app/link-here";
import { OfflinePage } from "@/app/offline-page";
import { Starting } from "@/app/starting";
import { setFormats } from "@/lib/format";
import { keep, readKept } from "@/lib/kept";
import { setWords } from "@/lib/words";
import { PreferencesProvider } from "@/ui/preferences";
import { Toasts } from "@/ui/toast";

const SignInPage = lazy(() => import("@/app/sign-in").then((m) => ({ default: m.SignInPage })));
const WelcomePage = lazy(() => import("@/app/welcome").then((m) => ({ default: m.WelcomePage })));
const FirstRunPage = lazy(() => import("@/app/first-run").then((m) => ({ default: m.FirstRunPage })));
const importSignedIn = () => import("@/app/signed-in");
const SignedIn = lazy(() => importSignedIn().then((m) => ({ default: m.SignedIn })));

type Locale = NonNullable<ConfigProviderProps["locale"]>;
const locales: Record<string, () => Promise<Locale>> = {
  "zh-Hans": async () => {
    const [ant] = await Promise.all([import("antd/locale/zh_CN"), import("dayjs/locale/zh-cn")]);
    return ant.default;
  },
  "zh-Hant": async () => {
    const [ant] = await Promise.all([import("antd/locale/zh_TW"), import("dayjs/locale/zh-tw")]);
    return ant.default;
  },
};

/** The browser's own language, in the three that we speak. */
function browserLanguage(): string {
  const first = navigator.language;
  if (/^zh\b.*(hant|tw|hk|mo)/i.test(first)) return "zh-Hant";
  return /^zh/i.test(first) ? "zh-Hans" : "en";
}

function Boot() {
  const client = useQueryClient();
  const start = useQuery(startQuery);
  const me = useQuery(meQuery);
  const [chosen, setChosen] = useState(() => readKept<string | null>("language", null));
  const language = me.data?.language ?? chosen ?? start.data?.guess.language ?? browserLanguage();
  const settled = !me.isPending && !start.isPending;
  const words = useQuery({ ...wordsQuery(language), enabled: settled, placeholderData: (old) => old });
  const locale = useQuery({
    queryKey: ["locale", language],
    queryFn: async () => (await locales[language]?.()) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: settled,
  });

  const inside = Boolean(me.data);
  const [link] = useState(linkHere);
  useEffect(() => {
    if (inside) void importSignedIn();
  }, [inside]);

  const [ended, setEnded] = useState(false);
  useEffect(
    () =>
      whenSignedOut(() => {
        if (client.getQueryData(["me"])) setEnded(true);
        client.setQueryData(["me"], null);
      }),
    [client],
  );

  const setLanguage = useCallback(
    (next: string) => {
      keep("language", next);
      setChosen(next);
      client.setQueryData(["me"], (old: typeof me.data) => old && { ...old, language: next });
    },
    [client],
  );

  const ready = settled && words.data !== undefined && locale.data !== undefined;
  // Words must stand before the first text below is drawn.
  useMemo(() => {
    if (words.data) setWords(words.data.language, words.data.words);
    setFormats(me.data?.zone ?? start.data?.company?.zone, me.data?.company.currency ?? "");
  }, [words.data, me.data, start.data]);

  const failed = [start, me, words].filter((query) => query.isError && query.data === undefined);
  if (failed.length) {
    return (
      <OfflinePage
        language={language}
        retry={() => void Promise.all(failed.map((query) => query.refetch()))}
      />
    );
  }
  return (
    <PreferencesProvider language={language} setLanguage={setLanguage} locale={locale.data ?? undefined}>
      <ErrorBoundary key={words.data?.language}>
        <Suspense fallback={<Starting inside={inside} />}>
          {!ready ? (
            <Starting inside={inside} />
          ) : start.data?.first_run ? (
            <FirstRunPage start={start.data} />
          ) : link !== null ? (
            <WelcomePage token={link} start={start.data} />
          ) : inside ? (
            <SignedIn />
          ) : (
            <SignInPage start={start.data} ended={ended} />
          )}
        </Suspense>
      </ErrorBoundary>
      <Toasts />
    </PreferencesProvider>
  );
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Boot />
    </QueryClientProvider>
  );
}
