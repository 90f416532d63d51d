import { useEffect } from "react";
import css from "@/app/pages.module.css";
import { applyTokens } from "@/ui/theme";

/** The one place with words of its own: without the server there is no catalogue. */
const WORDS: Record<string, [string, string, string]> = {
  en: [
    "Guanxi cannot be reached",
    "The server does not answer. Nothing you saved is lost. Check that it is running and that you are connected.",
    "Try again",
  ],
  "zh-Hans": [
    "连不上 Guanxi",
    "服务器没有回应，已保存的内容不会丢失。请确认服务器正在运行、网络已连接。",
    "重试",
  ],
  "zh-Hant": [
    "無法連線到 Guanxi",
    "伺服器沒有回應，已儲存的內容不會遺失。請確認伺服器正在執行、網路已連線。",
    "重試",
  ],
};

export function OfflinePage({ language, retry }: { language: string; retry: () => void }) {
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  useEffect(() => applyTokens(dark ? "dark" : "light", language), [dark, language]);
  useEffect(() => {
    window.addEventListener("online", retry);
    return () => window.removeEventListener("online", retry);
  }, [retry]);
  const [title, text, again] = WORDS[language] ?? WORDS.en ?? ["", "", ""];
  return (
    <main className={css.alone}>
      <h1>{title}</h1>
      <p>{text}</p>
      <button type="button" className={css.plainButton} onClick={retry}>
        {again}
      </button>
    </main>
  );
}
