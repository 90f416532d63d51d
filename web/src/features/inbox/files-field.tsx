import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { Paperclip, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { api } from "@/api/client";
import { type FileOf, formatSize, putFiles } from "@/features/inbox/files";
import css from "@/features/inbox/files.module.css";
import type { useDraft } from "@/features/inbox/use-draft";
import { t } from "@/lib/words";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

type Kept = ReturnType<typeof useDraft>;

/** The files of a draft and every way to bring one: by a button, pasted, or dropped where one writes. */
export function useFiles(draft: Kept) {
  const id = draft.row()?.id;
  const client = useQueryClient();
  const kept = useQuery({
    queryKey: ["records", "drafts", "list", "files", id ?? ""],
    meta: { own: true },
    enabled: Boolean(id),
    queryFn: ({ signal }) => api.get<FileOf[]>(`/api/drafts/${id}/files`, undefined, signal),
  });
  const look = () => client.invalidateQueries({ queryKey: ["records", "drafts", "list", "files"] });
  const add = useMutation({
    mutationFn: async (files: File[]) => putFiles(await draft.begin(), files),
    onError: (error) => say(problemText(error), { tone: "broken" }),
    onSettled: look,
  });
  const remove = useMutation({
    mutationFn: (number: number) => api.remove(`/api/drafts/${id}/files/${number}`),
    onError: (error) => say(problemText(error), { tone: "broken" }),
    onSettled: look,
  });
  const files = (id && kept.data) || [];
  const { holds } = draft;
  useEffect(() => holds(files.length > 0), [holds, files.length]);
  const take = (list: FileList | null | undefined) => {
    const found = [...(list ?? [])];
    if (found.length) add.mutate(found);
    return found.length > 0;
  };
  return {
    files,
    take,
    remove: remove.mutate,
    busy: add.isPending,
    /** For what surrounds the text. */
    catches: {
      onPaste: (event: React.ClipboardEvent) => take(event.clipboardData.files) && event.preventDefault(),
      onDragOver: (event: React.DragEvent) =>
        event.dataTransfer.types.includes("Files") && event.preventDefault(),
      onDrop: (event: React.DragEvent) => take(event.dataTransfer.files) && event.preventDefault(),
    },
  };
}

type Files = ReturnType<typeof useFiles>;

export function FileList({ files, remove, busy }: Files) {
  if (!files.length && !busy) return null;
  return (
    <ul className={`${css.files} ${css.going}`} aria-label={t("channels.message.files")} aria-busy={busy}>
      {files.map(({ number, name, size_bytes }) => (
        <li key={number} className={css.file}>
          <span className={css.name}>{name}</span>
          <span className={css.size}>{formatSize(size_bytes)}</span>
          <button
            type="button"
            aria-label={t("ui.inbox.file_out", { name })}
            onClick={() => remove(number)}
            className={css.out}
          >
            <X size={14} aria-hidden />
          </button>
        </li>
      ))}
      {busy && <li className={css.size}>{t("ui.inbox.file_coming")}</li>}
    </ul>
  );
}

export function FileButton({ take, busy }: Files) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        type="text"
        icon={<Paperclip size={16} aria-hidden />}
        title={t("ui.inbox.file")}
        loading={busy}
        onClick={() => input.current?.click()}
      >
        {t("ui.inbox.file")}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("ui.inbox.file")}
        onChange={({ target }) => {
          take(target.files);
          target.value = "";
        }}
      />
    </>
  );
}
