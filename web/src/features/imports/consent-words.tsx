import { Button } from "antd";
import type { Column, Look, Mapping, Source } from "@/features/imports/data";
import css from "@/features/imports/imports.module.css";
import { t } from "@/lib/words";

type Props = { look: Look; mapping: Mapping; use: (column: Column, source: Source) => void };

/** That a column of ticks alone brings no consent in, before anybody believes it did. */
export function ConsentWords({ look, mapping, use }: Props) {
  const words = look.columns.find(({ name }) => name === "consent_wording");
  if (!words || mapping.consent === undefined || mapping[words.name] !== undefined) return null;
  return (
    <p className={css.doubt}>
      {t("ui.import.consent_needs_words")}{" "}
      <Button type="link" className={css.plain} onClick={() => use(words, { constant: "" })}>
        {words.label}
      </Button>
    </p>
  );
}
