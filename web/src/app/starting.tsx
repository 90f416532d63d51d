import css from "@/app/pages.module.css";
import shell from "@/app/shell/shell.module.css";
import { readKept } from "@/lib/kept";
import { useLongWait } from "@/lib/use-later";
import { usePhone } from "@/lib/use-phone";
import { Skeleton } from "@/ui/states";

/** Before anything is known, and behind the sign-in the outline of the house while its first answers are on the way. */
export function Starting({ inside = false }: { inside?: boolean }) {
  return inside ? <Outline /> : <Bar />;
}

function Bar() {
  const late = useLongWait();
  return (
    <main className={css.starting} aria-busy="true">
      {late && <div className={css.bar} />}
    </main>
  );
}

function Outline() {
  const phone = usePhone();
  return (
    <div className={shell.shell} data-phone={phone} data-folded={readKept("nav.folded", false)}>
      {!phone && <div />}
      <div className={shell.column}>
        <div className={css.topBar} />
        <main className={shell.content}>
          <Skeleton lines={12} />
        </main>
      </div>
    </div>
  );
}
