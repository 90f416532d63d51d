import { ChevronLeft } from "lucide-react";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { Link } from "react-router";
import css from "@/ui/page-title.module.css";

type Title = { text: string; shown: ReactNode };
const TitleContext = createContext<Title>({ text: "", shown: null });
const SetContext = createContext<(title: Title) => void>(() => undefined);

export function PageTitleProvider({ children }: { children: ReactNode }) {
  const [title, set] = useState<Title>({ text: "", shown: null });
  return (
    <SetContext value={set}>
      <TitleContext value={title}>{children}</TitleContext>
    </SetContext>
  );
}

/** What the top bar shows as the place one is in, and the same in plain words. */
export function useShownTitle(): Title {
  return useContext(TitleContext);
}

/** Names a page outside of the shell in the browser's tab. */
export function useTabTitle(text: string): void {
  useEffect(() => {
    document.title = text ? `${text} · Guanxi` : "Guanxi";
  }, [text]);
}

/** Names the page in the top bar and in the browser's tab. */
export function usePageTitle(text: string, shown: ReactNode = text): void {
  const set = useContext(SetContext);
  useTabTitle(text);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a node is new at every drawing; its text says when it changed
  useEffect(() => set({ text, shown }), [set, text, typeof shown === "string" ? shown : ""]);
}

/** Names the page in the browser's tab; the top bar leads one step back, to the list it belongs to. */
export function useBackTitle(text: string, list: string, label: string | undefined): void {
  usePageTitle(
    text,
    <Link to={`/${list}`} className={css.back}>
      <ChevronLeft size={16} aria-hidden />
      {label}
    </Link>,
  );
}
