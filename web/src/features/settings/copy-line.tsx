import { Button } from "antd";
import { useRef, useState } from "react";
import css from "@/features/settings/settings.module.css";
import { t } from "@/lib/words";

/** A secret as it is handed out, and the button that copies it; without TLS browsers copy only what is selected. */
export function CopyLine({ text }: { text: string }) {
  const line = useRef<HTMLElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      if (line.current) window.getSelection()?.selectAllChildren(line.current);
      setCopied(document.execCommand("copy"));
    }
  };
  return (
    <>
      <div className={css.secret}>
        <code ref={line}>{text}</code>
        <Button type="primary" autoFocus onClick={() => void copy()}>
          {t("ui.settings.copy")}
        </Button>
      </div>
      <p role="status" className={css.copied}>
        {copied && t("ui.settings.copied")}
      </p>
    </>
  );
}
