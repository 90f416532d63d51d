import type { RecordMeta } from "@/api/types";
import { usePhone } from "@/lib/use-phone";
import facts from "@/records/record/facts.module.css";
import css from "@/records/record/record-page.module.css";
import own from "@/records/record/record-skeleton.module.css";
import { useSlots } from "@/records/slots";
import { Bone, Shape } from "@/ui/states";

const SHARES = [56, 40, 72, 48, 64, 36, 52, 44];

function FactLines() {
  return SHARES.map((share) => (
    <div key={share} className={`${facts.fact} ${own.fact}`}>
      <Bone share={60} />
      <Bone share={share} />
    </div>
  ));
}

/** Facts before they are there: what they are called, and what they are. */
export function FactsSkeleton() {
  return (
    <Shape className={facts.facts}>
      <FactLines />
    </Shape>
  );
}

function Lines() {
  return SHARES.map((share) => (
    <div key={share} className={own.line}>
      <Bone share={share + 20} />
    </div>
  ));
}

/** A record before it is there: its head and its columns, where they will stand. */
export function RecordSkeleton({ meta }: { meta: RecordMeta }) {
  const phone = usePhone();
  const { panels, main } = useSlots(meta.plural);
  const beside = Boolean(panels) || Object.keys(meta.children).length > 0;
  const story = meta.story || Boolean(main);
  return (
    <Shape className={css.record}>
      <div className={`${css.head} ${own.head}`}>
        <Bone share={24} />
      </div>
      <div className={css.columns} data-beside={beside} data-story={story}>
        <div className={css.left}>
          <FactLines />
        </div>
        {!phone && story && (
          <div className={css.middle}>
            <Lines />
          </div>
        )}
        {!phone && beside && (
          <div className={css.right}>
            <Lines />
          </div>
        )}
      </div>
    </Shape>
  );
}
