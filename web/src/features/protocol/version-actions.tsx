import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import type { Version } from "@/features/protocol/data";
import { t } from "@/lib/words";
import type { Answer } from "@/records/data";
import { OperationButtons } from "@/records/forms/operation-buttons";

const ClauseEditor = lazy(() =>
  import("@/features/protocol/clause-editor").then((m) => ({ default: m.ClauseEditor })),
);

/** Drafting, publishing, discarding; in a draft also a new clause. */
export function VersionActions({
  protocol,
  version,
  chosen,
}: {
  protocol: Row;
  version: Version | null;
  chosen: (number: string | null) => void;
}) {
  const client = useQueryClient();
  const operations = useMeta().operations;
  const [adding, setAdding] = useState(false);
  const again = (answer: Answer) => {
    void client.invalidateQueries({ queryKey: ["measures"] });
    const number = answer?.number;
    chosen(typeof number === "number" ? String(number) : null);
  };
  const mayAdd = version?.status === "draft" && "protocols.version.add_clause" in operations;
  return (
    <>
      {version?.status === "draft" ? (
        <>
          {mayAdd && <Button onClick={() => setAdding(true)}>{t("ui.protocol.add")}</Button>}
          <OperationButtons
            plural="versions"
            row={version}
            hide={["protocols.version.add_clause"]}
            done={again}
          />
        </>
      ) : (
        <OperationButtons
          plural="protocols"
          row={protocol}
          hide={["protocols.protocol.load"]}
          done={again}
          shown={1}
        />
      )}
      {adding && version && (
        <Suspense fallback={null}>
          <ClauseEditor version={version.id} section="mail" close={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  );
}
