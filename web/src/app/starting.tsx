import css from "@/app/pages.module.css";
import { useLater } from "@/lib/use-later";

/** The outline of the house while its first answers are on the way; no words yet, so none are shown. */
export function Starting() {
  const late = useLater(true);
  return (
    <main className={css.starting} aria-busy="true">
      {late && <div className={css.bar} />}
    </main>
  );
}
