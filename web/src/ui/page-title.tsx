import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

type Slot = { title: ReactNode; set: (title: ReactNode) => void };
const TitleContext = createContext<Slot>({ title: null, set: () => undefined });
const SetContext = createContext<(title: ReactNode) => void>(() => undefined);

export function PageTitleProvider({ children }: { children: ReactNode }) {
  const [title, set] = useState<ReactNode>(null);
  const slot = useMemo(() => ({ title, set }), [title]);
  return (
    <SetContext value={set}>
      <TitleContext value={slot}>{children}</TitleContext>
    </SetContext>
  );
}

/** What the top bar shows as the place one is in. */
export function useShownTitle(): ReactNode {
  return useContext(TitleContext).title;
}

/** Names the page in the top bar and in the browser's tab. */
export function usePageTitle(text: string, shown: ReactNode = text): void {
  const set = useContext(SetContext);
  useEffect(() => {
    document.title = text ? `${text} · Guanxi` : "Guanxi";
  }, [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a node is new at every drawing; its text says when it changed
  useEffect(() => set(shown), [set, text, typeof shown === "string" ? shown : ""]);
}
