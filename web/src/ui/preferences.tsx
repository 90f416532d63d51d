import { ConfigProvider, type ConfigProviderProps } from "antd";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useKept } from "@/lib/kept";
import { useMedia } from "@/lib/use-media";
import { Busy } from "@/ui/busy";
import { nonce } from "@/ui/nonce";
import { antTheme, applyTokens, type Mode } from "@/ui/theme";

export type ThemeChoice = "light" | "dark" | "system";
type Preferences = {
  language: string;
  setLanguage: (language: string) => void;
  theme: ThemeChoice;
  setTheme: (theme: ThemeChoice) => void;
};

const PreferencesContext = createContext<Preferences | null>(null);

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext);
  if (!preferences) throw new Error("Preferences are used outside of their provider.");
  return preferences;
}

/** Language and light or dark for everything below, in our tokens and in Ant Design's. */
export function PreferencesProvider({
  language,
  setLanguage,
  locale,
  children,
}: {
  language: string;
  setLanguage: (language: string) => void;
  locale: ConfigProviderProps["locale"];
  children: ReactNode;
}) {
  const [theme, setTheme] = useKept<ThemeChoice>("theme", "system");
  const dark = useMedia("(prefers-color-scheme: dark)");
  // Ant Design waits for the end of what moves; where nothing may move, no end is ever told.
  // As it is when the page opens: taking it up later draws all anew, without what somebody was writing.
  const [still] = useState(useMedia("(prefers-reduced-motion: reduce)"));
  const mode: Mode = theme === "system" ? (dark ? "dark" : "light") : theme;

  useMemo(() => applyTokens(mode, language), [mode, language]);
  const value = useMemo(
    () => ({ language, setLanguage, theme, setTheme }),
    [language, setLanguage, theme, setTheme],
  );
  const ant = useMemo(() => antTheme(mode, language, still), [mode, language, still]);
  return (
    <PreferencesContext value={value}>
      <ConfigProvider
        csp={{ nonce }}
        theme={ant}
        {...(locale && { locale })}
        wave={{ disabled: true }}
        button={{ autoInsertSpace: false, loadingIcon: <Busy /> }}
      >
        {children}
      </ConfigProvider>
    </PreferencesContext>
  );
}
