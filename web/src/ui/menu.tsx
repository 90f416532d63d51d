import { Dropdown, type MenuProps } from "antd";
import { type ReactNode, useRef } from "react";

type Props = {
  menu: MenuProps;
  children: ReactNode;
  /** Told when it opens and when it closes. */
  opened?: (open: boolean) => void;
};

/** A menu behind a button: it takes the keyboard when it opens, and gives it back when nothing else took it. */
export function Menu({ menu, children, opened }: Props) {
  const button = useRef<Element | null>(null);
  const move = (open: boolean) => {
    opened?.(open);
    if (open) {
      button.current = document.activeElement;
      return;
    }
    setTimeout(() => {
      const now = document.activeElement;
      const nobody = now === document.body || now?.closest(".ant-dropdown");
      if (nobody && button.current instanceof HTMLElement) button.current.focus();
    });
  };
  return (
    <Dropdown autoFocus trigger={["click"]} menu={menu} onOpenChange={move}>
      {children}
    </Dropdown>
  );
}
