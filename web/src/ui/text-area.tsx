import { Input, type InputProps } from "antd";
import type { TextAreaProps } from "antd/es/input";
import css from "@/ui/text-area.module.css";

type Props = Omit<TextAreaProps, "autoSize" | "rows"> & { least?: number; status?: InputProps["status"] };

const LINE = 22;
const EDGES = 10;

/**
 * Grows with its text by the style sheet alone: Ant Design's own measuring writes inline styles,
 * which a strict content policy refuses.
 */
export function TextArea({ least = 3, className, ...rest }: Props) {
  return (
    <Input.TextArea
      {...rest}
      rows={least}
      style={{ minBlockSize: least * LINE + EDGES }}
      className={[css.growing, className].filter(Boolean).join(" ")}
    />
  );
}
