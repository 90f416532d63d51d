import { Button, Select } from "antd";
import { Link2, Undo2, X } from "lucide-react";
import { useState } from "react";
import { useMeta } from "@/api/session";
import css from "@/features/protocol/paste-text.module.css";
import { type Binding, leftOver, type Pasted, pieces } from "@/features/protocol/pasted";
import { PastedFields } from "@/features/protocol/pasted-fields";
import { promiseText } from "@/features/protocol/promise-text";
import { t } from "@/lib/words";

type Props = {
  clause: Pasted;
  number: string;
  set: (changed: Partial<Pasted>) => void;
  /** Makes one of its numbers a clause of its own. */
  split: (offer: Binding) => void;
};

/** A clause as it would become: its numbers marked, what each is bound to, and all of it open to change. */
export function PastedClause({ clause, number, set, split }: Props) {
  const fields = useMeta().records.clauses?.fields;
  const [editing, setEditing] = useState(false);
  const { binding, out } = clause;
  return (
    <li className={css.clause} data-out={out}>
      <span className={css.ordinal}>{out ? "–" : number}</span>
      <p className={css.words}>
        {pieces(clause).map(({ text, mark, at }) =>
          mark ? (
            <mark key={at} data-mark={mark}>
              {text}
            </mark>
          ) : (
            <span key={at}>{text}</span>
          ),
        )}
      </p>
      <Button
        size="small"
        type="text"
        icon={out ? <Undo2 size={14} aria-hidden /> : <X size={14} aria-hidden />}
        aria-label={t(out ? "ui.protocol.paste_back_in" : "ui.protocol.paste_leave_out", { number })}
        title={t(out ? "ui.protocol.paste_back_in" : "ui.protocol.paste_leave_out", { number })}
        onClick={() => set({ out: !out })}
      />
      {!out && editing && (
        <PastedFields
          binding={binding}
          set={(changed) => set({ binding: changed })}
          done={() => setEditing(false)}
        />
      )}
      {!out && !editing && (
        <div className={css.promise}>
          <Select
            size="small"
            className={css.place}
            variant="borderless"
            popupMatchSelectWidth={false}
            aria-label={t("ui.protocol.paste_section", { number })}
            value={clause.section}
            options={fields?.section?.choices ?? []}
            onChange={(section) => set({ section })}
          />
          {binding ? (
            <Bound binding={binding} change={() => setEditing(true)} remove={() => set({ binding: null })} />
          ) : (
            <Offers clause={clause} take={(offer) => set({ binding: offer })} bind={() => setEditing(true)} />
          )}
          <LeftOver clause={clause} split={split} />
        </div>
      )}
    </li>
  );
}

function Bound({ binding, change, remove }: { binding: Binding; change: () => void; remove: () => void }) {
  const meta = useMeta();
  return (
    <>
      <span className={css.bound}>
        <Link2 size={14} aria-hidden />
        <span>
          {promiseText(binding, meta)}
          {!(binding.measure && meta.settings?.[binding.standard]) &&
            ` · ${t("ui.protocol.state_not_measured")}`}
        </span>
      </span>
      <Button type="link" className={css.plain} onClick={change}>
        {t("ui.protocol.paste_change")}
      </Button>
      <Button type="link" className={css.plain} onClick={remove}>
        {t("ui.protocol.paste_unbind")}
      </Button>
    </>
  );
}

/** A clause keeps one number; of the others it is said that they are left, and each may become a clause. */
function LeftOver({ clause, split }: { clause: Pasted; split: (offer: Binding) => void }) {
  const meta = useMeta();
  const left = leftOver(clause);
  if (!left.length) return null;
  return (
    <>
      <span>{t("ui.protocol.paste_left")}</span>
      {left.map((offer) => (
        <Button
          key={`${offer.standard}-${offer.start}`}
          type="link"
          className={css.plain}
          title={t("ui.protocol.paste_split")}
          aria-label={t("ui.value.labelled", {
            label: t("ui.protocol.paste_split"),
            value: promiseText(offer, meta),
          })}
          onClick={() => split(offer)}
        >
          {promiseText(offer, meta)}
        </Button>
      ))}
    </>
  );
}

function Offers({ clause, take, bind }: { clause: Pasted; take: (one: Binding) => void; bind: () => void }) {
  const meta = useMeta();
  const days = clause.amounts.filter(({ unit }) => unit === "working_days").map(({ start }) => start);
  /** Said in working days, and offered by the clock: such days are not counted here. */
  const working = clause.offers.some((one) => one.counted_in === "clock" && days.includes(one.start));
  return (
    <>
      {clause.offers.length > 0 && <span>{t("ui.protocol.paste_offer")}</span>}
      {clause.offers.map((offer) => (
        <Button
          key={`${offer.standard}-${offer.start}`}
          type="link"
          className={css.plain}
          onClick={() => take(offer)}
        >
          {promiseText(offer, meta)}
        </Button>
      ))}
      {clause.amounts.length > 0 && clause.offers.length === 0 && (
        <span>{t("ui.protocol.paste_text_only")}</span>
      )}
      <Button type="link" className={css.plain} onClick={bind}>
        {t("ui.protocol.paste_bind")}
      </Button>
      {working && <span>{t("ui.protocol.paste_working")}</span>}
    </>
  );
}
