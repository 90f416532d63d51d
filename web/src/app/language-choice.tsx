import css from "@/app/door.module.css";
import { t } from "@/lib/words";
import { usePreferences } from "@/ui/preferences";

/** Each language by its own name: never translated. */
export const LANGUAGES = [
  ["en", "English"],
  ["zh-Hans", "简体中文"],
  ["zh-Hant", "繁體中文"],
] as const;

export function LanguageChoice() {
  const { language, setLanguage } = usePreferences();
  return (
    <fieldset className={css.languages} aria-label={t("ui.me.language")}>
      {LANGUAGES.map(([code, name]) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={code === language}
          onClick={() => setLanguage(code)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
