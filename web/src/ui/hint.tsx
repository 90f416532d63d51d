import { Tooltip } from "antd";
import { Info } from "lucide-react";
import css from "@/ui/hint.module.css";

/** What a word means, for whoever asks by pointing, by the keyboard or by a tap. */
export function Hint({ about, text }: { about: string; text: string }) {
  return (
    <Tooltip title={text} trigger={["hover", "focus"]} placement="bottom">
      <button type="button" className={css.hint} aria-label={about}>
        <Info size={14} strokeWidth={1.75} aria-hidden />
      </button>
    </Tooltip>
  );
}
