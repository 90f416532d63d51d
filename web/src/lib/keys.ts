/** Keys: one listener per place; silent while someone types or a dialog is open. */
import { useEffect, useRef } from "react";

type Handler = (event: KeyboardEvent) => void;

const TYPING =
  "textarea, select, [contenteditable=true], input:not([type=checkbox], [type=radio], [type=button])";
/** What floats hears its own keys: an open menu walks and chooses by itself. */
const FLOATING = "[role=menu], [role=menuitem], [role=listbox], [role=dialog], .ant-popover";

/** Whether what has the keyboard needs the bare keys itself. */
export function takesKeys(target: EventTarget | null): boolean {
  return target instanceof Element && (target.matches(TYPING) || target.closest(FLOATING) !== null);
}

function nameOf(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return mod + key;
}

function dialogOpen(): boolean {
  return document.querySelector("[role=dialog][aria-modal=true]") !== null;
}

/** Binds keys such as `j`, `Enter`, `mod+k`, `?`; a `mod+` key works everywhere, a bare one only outside of fields. */
export function useKeys(keys: Record<string, Handler>, active = true): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!active) return;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      const name = nameOf(event);
      const handler = latest.current[name];
      if (!handler) return;
      if (!name.startsWith("mod+") && (takesKeys(event.target) || dialogOpen())) return;
      handler(event);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [active]);
}
