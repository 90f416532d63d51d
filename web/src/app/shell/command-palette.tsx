import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { ArrowRight, Plus, Search } from "lucide-react";
import {
  type KeyboardEvent,
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { SearchGroup } from "@/api/types";
import { placesFor } from "@/app/places";
import css from "@/app/shell/command-palette.module.css";
import { useCreatable } from "@/app/shell/create-menu";
import { useSettled } from "@/lib/use-later";
import { inSentence, t } from "@/lib/words";

const CreateDialog = lazy(() =>
  import("@/records/forms/create-dialog").then((m) => ({ default: m.CreateDialog })),
);

type Line = {
  key: string;
  group: string;
  label: string;
  hint?: string | null;
  icon: ReactNode;
  run: () => void;
};

function matches(label: string, words: string): boolean {
  return label.toLowerCase().includes(words.trim().toLowerCase());
}

/** One box to find a record, to go to a place, and to do something. */
export function CommandPalette({ close }: { close: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [creating, setCreating] = useState<string | null>(null);
  const words = useSettled(text.trim(), 120);
  const navigate = useNavigate();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const meta = useMeta();
  const creatable = useCreatable();
  const found = useQuery({
    queryKey: ["search", words],
    queryFn: ({ signal }) => api.get<{ groups: SearchGroup[] }>("/api/search", { q: words }, signal),
    enabled: words.length > 0,
    placeholderData: keepPreviousData,
  });

  const lines = useMemo(() => {
    const go = (to: string) => () => {
      close();
      navigate(to);
    };
    const hits: Line[] = !words
      ? []
      : (found.data?.groups ?? []).flatMap((group) =>
          group.hits.map((hit) => ({
            key: `${group.plural}/${hit.id}`,
            group: group.label,
            label: hit.label,
            hint: hit.hint ?? null,
            icon: <Search size={16} aria-hidden />,
            run: go(`/${group.plural}/${hit.id}`),
          })),
        );
    const places: Line[] = placesFor(meta).map((place) => ({
      key: place.to,
      group: t("ui.palette.go"),
      label: t(`ui.place.${place.key}`),
      icon: <ArrowRight size={16} aria-hidden />,
      run: go(place.to),
    }));
    const lists: Line[] = Object.values(meta.records).map((record) => ({
      key: `list/${record.plural}`,
      group: t("ui.palette.go"),
      label: record.label.many,
      icon: <ArrowRight size={16} aria-hidden />,
      run: go(`/${record.plural}`),
    }));
    const create: Line[] = creatable.map(({ plural, label }) => ({
      key: `create/${plural}`,
      group: t("ui.palette.do"),
      label: t("ui.create.one", { record: inSentence(label) }),
      icon: <Plus size={16} aria-hidden />,
      run: () => setCreating(plural),
    }));
    const seen = new Set<string>();
    const rest = [...create, ...places, ...(text.trim() ? lists : [])].filter((line) => {
      if (!matches(line.label, text) || seen.has(line.group + line.label)) return false;
      seen.add(line.group + line.label);
      return true;
    });
    return [...hits, ...rest];
  }, [words, text, found.data, meta, creatable, navigate, close]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new words start at the first line again
  useEffect(() => setAt(0), [text]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });

  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, lines.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter") lines[at]?.run();
    else return;
    event.preventDefault();
  };

  if (creating) {
    return (
      <Suspense fallback={null}>
        <CreateDialog plural={creating} close={close} done={(row) => navigate(`/${creating}/${row.id}`)} />
      </Suspense>
    );
  }
  return (
    <Modal
      open
      footer={null}
      closable={false}
      onCancel={close}
      width={600}
      style={{ top: 80 }}
      className={css.palette}
      title={<span className="visually-hidden">{t("ui.search.box")}</span>}
    >
      <div className={css.box}>
        <Search size={18} aria-hidden />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is opened in order to type
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}list`}
          aria-activedescendant={lines[at] ? `${id}${at}` : undefined}
          aria-label={t("ui.search.box")}
          placeholder={t("ui.palette.hint")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKey}
        />
      </div>
      <div
        ref={list}
        id={`${id}list`}
        role="listbox"
        aria-label={t("ui.palette.results")}
        className={css.list}
      >
        {lines.map((line, index) => (
          <div key={line.key}>
            {line.group !== lines[index - 1]?.group && (
              <div className={css.group} aria-hidden>
                {line.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard by the box above */}
            <div
              id={`${id}${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={css.line}
              onClick={line.run}
              onPointerMove={() => setAt(index)}
            >
              {line.icon}
              <span className={css.label}>{line.label}</span>
              {line.hint && <span className={css.hint}>{line.hint}</span>}
            </div>
          </div>
        ))}
      </div>
      {words && !found.isFetching && lines.length === 0 && (
        <p className={css.none}>{t("ui.palette.none", { words })}</p>
      )}
    </Modal>
  );
}
