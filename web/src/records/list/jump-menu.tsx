import { Button, Popover, Slider } from "antd";
import { ChevronsDown } from "lucide-react";
import { useEffect, useState } from "react";
import type { RecordMeta } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { t } from "@/lib/words";
import { type Bounds, type ListWish, useBounds } from "@/records/data";
import css from "@/records/list/jump-menu.module.css";
import { plain } from "@/records/values/value";
import { ProblemNote, Skeleton } from "@/ui/states";

type Props = { meta: RecordMeta; wish: ListWish; from: string | null; jump: (from: string | null) => void };

/** From where a list is shown: its top, until one goes elsewhere in this very list. */
export function useJump(wish: ListWish): [string | null, (from: string | null) => void] {
  const of = JSON.stringify(wish);
  const [kept, setKept] = useState<{ of: string; from: string | null }>({ of, from: null });
  return [kept.of === of ? kept.from : null, (from) => setKept({ of, from })];
}

/** What a place is called: how far down it is, and what the list is sorted by there. */
function placeOf(meta: RecordMeta, found: Bounds, index: number): string {
  const bound = found.bounds[index - 1];
  if (!bound) return t("ui.list.top");
  const field = meta.fields[found.sort];
  const value = field && field.kind !== "reference" ? plain(field, bound.value) : "";
  const percent = formatNumber(Math.round(bound.share * 100));
  return t(found.exact ? "ui.list.at" : "ui.list.about", { percent, value }).trim();
}

function Places({ meta, from, jump, found }: Props & { found: Bounds }) {
  const there = found.bounds.findIndex(({ cursor }) => cursor === from) + 1;
  const [at, setAt] = useState(there);
  useEffect(() => setAt(there), [there]);
  const called = (index?: number) => placeOf(meta, found, index ?? 0);
  return (
    <>
      <Slider
        min={0}
        max={found.bounds.length}
        value={at}
        onChange={setAt}
        onChangeComplete={(index) => jump(found.bounds[index - 1]?.cursor ?? null)}
        tooltip={{ open: false }}
        ariaLabelForHandle={t("ui.list.place")}
        ariaValueTextFormatterForHandle={called}
      />
      <p className={css.called}>{called(at)}</p>
    </>
  );
}

/** Goes far down a long list at once, by mouse, finger or arrow keys. */
export function JumpMenu(props: Props) {
  const [open, setOpen] = useState(false);
  const places = useBounds(props.meta.plural, props.wish, open);
  const content = (
    <div className={css.places}>
      {places.isPending && <Skeleton lines={1} />}
      {places.isError && <ProblemNote error={places.error} />}
      {places.data && <Places {...props} found={places.data} />}
    </div>
  );
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      content={content}
      title={t("ui.list.place")}
    >
      <Button type="text" icon={<ChevronsDown size={16} aria-hidden />} aria-expanded={open}>
        {t("ui.list.jump")}
      </Button>
    </Popover>
  );
}
