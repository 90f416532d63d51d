import { Check } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useNavigate } from "react-router";
import { useMe, useMeta } from "@/api/session";
import { LANGUAGES } from "@/app/language-choice";
import { placesFor } from "@/app/places";
import { THEMES, useOwnChoices } from "@/app/shell/own-choices";
import css from "@/app/shell/top-bar.module.css";
import { t } from "@/lib/words";
import { Menu } from "@/ui/menu";
import { type ThemeChoice, usePreferences } from "@/ui/preferences";

const PasswordDialog = lazy(() =>
  import("@/app/shell/password-dialog").then((m) => ({ default: m.PasswordDialog })),
);
const SIGN = "channels.signature.write";
const SignatureDialog = lazy(() =>
  import("@/features/inbox/signature-dialog").then((m) => ({ default: m.SignatureDialog })),
);

/** 张伟 → 张, Jane Smith → JS. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  if (/[\u3400-\u9fff]/.test(name)) return name.trim().slice(0, 1);
  return words
    .slice(0, 2)
    .map((word) => word.slice(0, 1).toUpperCase())
    .join("");
}

/** Who I am and how it looks to me; on a phone also the places that have no room at the bottom. */
export function MeMenu({ phone, showKeys }: { phone: boolean; showKeys: () => void }) {
  const me = useMe();
  const meta = useMeta();
  const { operations } = meta;
  const elsewhere = placesFor(meta).filter((place) => phone && !place.phone);
  const navigate = useNavigate();
  const { language, theme } = usePreferences();
  const { speak, dress, leave } = useOwnChoices();
  const [password, setPassword] = useState(false);
  const [signing, setSigning] = useState(false);
  const tick = (on: boolean) => (on ? <Check size={14} aria-hidden /> : <span />);
  return (
    <>
      <Menu
        menu={{
          selectable: true,
          selectedKeys: [`language:${language}`, `theme:${theme}`],
          items: [
            { key: "who", type: "group", label: `${me.name} · ${me.email}` },
            ...elsewhere.map((place) => ({
              key: `place:${place.to}`,
              label: t(`ui.place.${place.key}`),
              icon: <place.icon size={16} strokeWidth={1.75} aria-hidden />,
            })),
            ...(phone ? [{ type: "divider" as const }] : []),
            {
              key: "language",
              label: t("ui.me.language"),
              children: LANGUAGES.map(([code, name]) => ({
                key: `language:${code}`,
                label: name,
                extra: tick(code === language),
              })),
            },
            {
              key: "theme",
              label: t("ui.me.theme"),
              children: THEMES.map((key) => ({
                key: `theme:${key}`,
                label: t(`ui.me.theme_${key}`),
                extra: tick(key === theme),
              })),
            },
            ...(phone ? [] : [{ key: "keys", label: t("ui.me.keys"), extra: <kbd>?</kbd> }]),
            { type: "divider" },
            ...(SIGN in operations ? [{ key: "signature", label: t("ui.me.signature") }] : []),
            { key: "password", label: t("ui.me.password") },
            { key: "out", label: t("ui.me.sign_out") },
          ],
          onClick: ({ key }) => {
            const [what, value] = key.split(":");
            if (what === "language" && value) speak(value);
            else if (what === "theme") dress(value as ThemeChoice);
            else if (what === "place" && value) navigate(value);
            else if (key === "keys") showKeys();
            else if (key === "signature") setSigning(true);
            else if (key === "password") setPassword(true);
            else if (key === "out") leave();
          },
        }}
      >
        <button type="button" className={css.me}>
          {initials(me.name)}
          <span className="visually-hidden"> {t("ui.me.menu", { name: me.name })}</span>
        </button>
      </Menu>
      {signing && (
        <Suspense fallback={null}>
          <SignatureDialog close={() => setSigning(false)} />
        </Suspense>
      )}
      {password && (
        <Suspense fallback={null}>
          <PasswordDialog close={() => setPassword(false)} />
        </Suspense>
      )}
    </>
  );
}
