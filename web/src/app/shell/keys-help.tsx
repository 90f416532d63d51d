import { Modal } from "antd";
import css from "@/app/shell/keys-help.module.css";
import { t } from "@/lib/words";

const mod = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
const GROUPS: [string, [string[], string][]][] = [
  [
    "everywhere",
    [
      [[mod, "K"], "find"],
      [["/"], "find"],
      [["C"], "create"],
      [["?"], "keys"],
      [["Esc"], "close"],
    ],
  ],
  [
    "list",
    [
      [["J"], "down"],
      [["K"], "up"],
      [["Enter"], "open"],
      [["Space"], "peek"],
      [["X"], "select"],
      [["E"], "edit"],
      [["F"], "filter"],
    ],
  ],
  [
    "record",
    [
      [["E"], "edit"],
      [["N"], "note"],
      [["H"], "history"],
    ],
  ],
];

export function KeysHelp({ close }: { close: () => void }) {
  return (
    <Modal open title={t("ui.keys.title")} footer={null} onCancel={close} width={640}>
      <div className={css.groups}>
        {GROUPS.map(([group, lines]) => (
          <section key={group}>
            <h3>{t(`ui.keys.group_${group}`)}</h3>
            <dl className={css.lines}>
              {lines.map(([keys, what]) => (
                <div key={keys.join()} className={css.line}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
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
