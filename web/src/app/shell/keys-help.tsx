import { Modal } from "antd";
import { KEYS } from "@/app/shell/keys";
import css from "@/app/shell/keys-help.module.css";
import { t } from "@/lib/words";
import { useFocusBack } from "@/ui/focus-back";

const mod = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

export function KeysHelp({ close }: { close: () => void }) {
  useFocusBack();
  return (
    <Modal open title={t("ui.keys.title")} footer={null} onCancel={close} width={640}>
      <div className={css.groups}>
        {KEYS.map(([group, lines]) => (
          <section key={group}>
            <h3>{t(`ui.keys.group_${group}`)}</h3>
            <dl className={css.lines}>
              {lines.map(([keys, what]) => (
                <div key={keys.join()} className={css.line}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key === "mod" ? mod : key}</kbd>
                    ))}
                  </dt>
                  <dd>{t(`ui.keys.${what}`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
