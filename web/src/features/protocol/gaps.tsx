import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import type { Gap, Version } from "@/features/protocol/data";
import css from "@/features/protocol/gaps.module.css";
import { formatDay } from "@/lib/format";
import { t } from "@/lib/words";
import { OperationButtons } from "@/records/forms/operation-buttons";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const ClauseEditor = lazy(() =>
  import("@/features/protocol/clause-editor").then((m) => ({ default: m.ClauseEditor })),
);
const DRAFT = "protocols.protocol.draft_version";
const ADD = "protocols.version.add_clause";
type Props = {
  protocol: string;
  gaps: Gap[];
  versions: Version[];
  chosen: (number: string | null) => void;
};

/** What the company does with customers of which no clause speaks; each is one click from the clause that does. */
export function Gaps({ protocol, gaps, versions, chosen }: Props) {
  const open = gaps.filter((gap) => !gap.set_aside_at);
  const aside = gaps.filter((gap) => gap.set_aside_at);
  if (!gaps.length) return null;
  return (
    <section className={css.gaps} aria-labelledby="gaps">
      <h3 id="gaps" className={css.head}>
        {open.length ? t("ui.protocol.gaps", { n: open.length }) : t("ui.protocol.gaps_none")}
      </h3>
      {open.length > 0 && (
        <ul className={css.list}>
          {open.map((gap) => (
            <li key={gap.id}>
              <p>{gap.sentence}</p>
              <Acts protocol={protocol} gap={gap} versions={versions} chosen={chosen} />
            </li>
          ))}
        </ul>
      )}
      {aside.length > 0 && (
        <details className={css.aside}>
          <summary>{t("ui.protocol.gaps_aside", { n: aside.length })}</summary>
          <ul className={css.list}>
            {aside.map((gap) => (
              <li key={gap.id}>
                <p>
                  {gap.sentence}
                  <span className={css.why}>
                    {t("ui.protocol.gap_why", { reason: gap.reason, on: formatDay(gap.set_aside_at ?? "") })}
                  </span>
                </p>
                <Acts protocol={protocol} gap={gap} versions={versions} chosen={chosen} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Begin the clause, in the draft there is or in a new one; or say why there is none. */
function Acts({ protocol, gap, versions, chosen }: Omit<Props, "gaps"> & { gap: Gap }) {
  const client = useQueryClient();
  const { operations } = useMeta();
  const [draft, setDraft] = useState<{ id: string; number: number } | null>(null);
  const [busy, setBusy] = useState(false);
  const there = versions.find((one) => one.status === "draft");
  const may = ADD in operations && (there || DRAFT in operations);
  const begin = async () => {
    if (there) return setDraft(there);
    setBusy(true);
    try {
      setDraft(await api.post<Row & { number: number }>(`/api/protocols/${protocol}/draft_version`, {}));
      void client.invalidateQueries({ queryKey: ["measures"] });
    } catch (error) {
      say(problemText(error), { tone: "broken" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={css.acts}>
      {may && !gap.set_aside_at && (
        <Button loading={busy} onClick={() => void begin()}>
          {t("ui.protocol.gap_begin")}
        </Button>
      )}
      <OperationButtons
        plural="gaps"
        row={gap}
        shown={1}
        done={() => void client.invalidateQueries({ queryKey: ["measures"] })}
      />
      {draft && (
        <Suspense fallback={null}>
          <ClauseEditor
            version={draft.id}
            section={gap.begin.section}
            begun={gap.begin}
            close={() => {
              setDraft(null);
              chosen(String(draft.number));
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
