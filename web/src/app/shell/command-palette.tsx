import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { ArrowRight, Search } from "lucide-react";
import {
  type KeyboardEvent,
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
import { useActs } from "@/app/shell/acts";
import css from "@/app/shell/command-palette.module.css";
import { useSettled } from "@/lib/use-later";
import { t } from "@/lib/words";
import { useFocusBack } from "@/ui/focus-back";

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
  useFocusBack();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [dialog, setDialog] = useState<ReactNode>(null);
  const words = useSettled(text.trim(), 120);
  const navigate = useNavigate();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const meta = useMeta();
  const acts = useActs();
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
    const figures: Line[] = Object.entries(meta.measures).map(([name, { label }]) => ({
      key: `figure/${name}`,
      group: t("ui.place.figures"),
      label,
      icon: <ArrowRight size={16} aria-hidden />,
      run: go(`/figures/${name.replaceAll(".", "/")}`),
    }));
    const doing: Line[] = acts
      .filter(({ quiet }) => text.trim() || !quiet)
      .map((act) => ({
        key: act.key,
        group: t("ui.palette.do"),
        label: act.label,
        hint: act.hint ?? null,
        icon: act.icon,
        run: () => {
          if (act.dialog) return setDialog(act.dialog(close));
          close();
          act.run?.();
        },
      }));
    const seen = new Set<string>();
    const rest = [...doing, ...places, ...(text.trim() ? [...lists, ...figures] : [])].filter((line) => {
      if (!(matches(line.label, text) || matches(line.hint ?? "", text)) || seen.has(line.group + line.label))
        return false;
      seen.add(line.group + line.label);
      return true;
    });
    return [...hits, ...rest];
  }, [words, text, found.data, meta, acts, navigate, close]);

  // The chosen line stays chosen when others come in above it; new words start at the first again.
  const at = Math.max(
    0,
    lines.findIndex(({ key }) => key === chosen),
  );
  const choose = (index: number) => setChosen(lines[index]?.key ?? null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new words start at the first line again
  useEffect(() => setChosen(null), [text]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });

  const groups: { group: string; members: { line: Line; index: number }[] }[] = [];
  lines.forEach((line, index) => {
    const last = groups.at(-1);
    if (last?.group === line.group) last.members.push({ line, index });
    else groups.push({ group: line.group, members: [{ line, index }] });
  });
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") choose(Math.min(at + 1, lines.length - 1));
    else if (event.key === "ArrowUp") choose(Math.max(at - 1, 0));
    else if (event.key === "Enter") lines[at]?.run();
    else return;
    event.preventDefault();
  };

  if (dialog) return <Suspense fallback={null}>{dialog}</Suspense>;
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
        {groups.map(({ group, members }) => (
          <div key={group} role="group" aria-label={group}>
            <div className={css.group} aria-hidden>
              {group}
            </div>
            {members.map(({ line, index }) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard by the box above
              <div
                key={line.key}
                id={`${id}${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                className={css.line}
                onClick={line.run}
                onPointerMove={() => choose(index)}
              >
                {line.icon}
                <span className={css.label}>{line.label}</span>
                {line.hint && <span className={css.hint}>{line.hint}</span>}
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className="visually-hidden" role="status">
        {words && !found.isFetching && t("ui.palette.count", { n: lines.length })}
      </p>
      {words && !found.isFetching && lines.length === 0 && (
        <p className={css.none}>{t("ui.palette.none", { words })}</p>
      )}
    </Modal>
  );
}
