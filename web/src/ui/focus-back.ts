import { useEffect, useState } from "react";

/** Gives the keyboard back to whatever had it, once what floats above is gone. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      setTimeout(() => {
        const nobody = document.activeElement === document.body;
        if (nobody && before instanceof HTMLElement && before.isConnected) before.focus();
      });
    },
    [before],
  );
}
