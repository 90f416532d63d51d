import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { BookOpen } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import type { Version } from "@/features/protocol/data";
import { usePhone } from "@/lib/use-phone";
import { t } from "@/lib/words";
import type { Answer } from "@/records/data";
import { type Act, OperationButtons } from "@/records/forms/operation-buttons";
import { Menu } from "@/ui/menu";

const LANGUAGES = [
  ["en", "English"],
  ["zh-Hans", "简体中文"],
  ["zh-Hant", "繁體中文"],
] as const;
const DRAFT_TEXT = "protocols.protocol.draft_text";
const ClauseEditor = lazy(() =>
  import("@/features/protocol/clause-editor").then((m) => ({ default: m.ClauseEditor })),
);

const PasteText = lazy(() =>
  import("@/features/protocol/paste-text").then((m) => ({ default: m.PasteText })),
);

/** Drafting, publishing, discarding; in a draft also a new clause. A phone shows what matters, the rest in a menu. */
export function VersionActions({
  protocol,
  version,
  chosen,
  more = [],
}: {
  protocol: Row;
  version: Version | null;
  chosen: (number: string | null) => void;
  more?: Act[];
}) {
  const client = useQueryClient();
  const phone = usePhone();
  const operations = useMeta().operations;
  const [adding, setAdding] = useState(false);
  const [pasting, setPasting] = useState(false);
  const again = (answer: Answer) => {
    void client.invalidateQueries({ queryKey: ["measures"] });
    const number = answer?.number;
    chosen(typeof number === "number" ? String(number) : null);
  };
  const mayAdd = version?.status === "draft" && "protocols.version.add_clause" in operations;
  const handbook = (language: string) =>
    `/api/protocols/${protocol.id}/handbook?version=${version?.number}&language=${language}`;
  const open = (language: string) => window.open(handbook(language), "_blank", "noreferrer");
  const mayPaste = version?.status !== "draft" && protocol.can?.includes(DRAFT_TEXT);
  const paste: Act = { key: "paste", label: t("ui.protocol.paste"), run: () => setPasting(true) };
  const books: Act[] = LANGUAGES.map(([key, language]) => ({
    key,
    label: t("ui.value.labelled", { label: t("ui.protocol.handbook"), value: language }),
    run: () => open(key),
  }));
  const aside = phone ? [...(mayPaste ? [paste] : []), ...more, ...(version ? books : [])] : [];
  return (
    <>
      {version && !phone && (
        <Menu
          menu={{
            items: LANGUAGES.map(([key, label]) => ({
              key,
              label: (
                <a href={handbook(key)} target="_blank" rel="noreferrer" lang={key}>
                  {label}
                </a>
              ),
            })),
            onClick: ({ key, domEvent }) => {
              // A key has no link under it to follow.
              if (domEvent.type === "keydown") open(key);
            },
          }}
        >
          <Button icon={<BookOpen size={16} aria-hidden />}>{t("ui.protocol.handbook")}</Button>
        </Menu>
      )}
      {version?.status === "draft" ? (
        <>
          {mayAdd && <Button onClick={() => setAdding(true)}>{t("ui.protocol.add")}</Button>}
          <OperationButtons
            plural="versions"
            row={version}
            hide={["protocols.version.add_clause"]}
            done={again}
            more={aside}
            shown={phone ? 1 : 2}
          />
        </>
      ) : (
        <>
          {mayPaste && !phone && <Button onClick={paste.run}>{paste.label}</Button>}
          <OperationButtons
            plural="protocols"
            row={protocol}
            hide={["protocols.protocol.load", DRAFT_TEXT]}
            done={again}
            more={aside}
            shown={1}
          />
        </>
      )}
      {pasting && (
        <Suspense fallback={null}>
          <PasteText protocol={protocol} close={() => setPasting(false)} drafted={chosen} />
        </Suspense>
      )}
      {adding && version && (
        <Suspense fallback={null}>
          <ClauseEditor version={version.id} section="mail" close={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  );
}
