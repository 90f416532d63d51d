import { useMutation, useQuery } from "@tanstack/react-query";
import { Forward, Paperclip } from "lucide-react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Row } from "@/api/types";
import type { Message } from "@/features/inbox/data";
import { type FileOf, formatSize } from "@/features/inbox/files";
import css from "@/features/inbox/files.module.css";
import { BEGIN } from "@/features/inbox/use-draft";
import { t } from "@/lib/words";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

/** The files that came or went with a message: saved, or sent on in a new letter. */
export function MessageFiles({ message }: { message: Message }) {
  const allowed = BEGIN in useMeta().operations;
  const navigate = useNavigate();
  const files = useQuery({
    queryKey: ["records", "messages", "files", message.id],
    queryFn: ({ signal }) => api.get<FileOf[]>(`/api/messages/${message.id}/attachments`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const forward = useMutation({
    mutationFn: async (file: FileOf) => {
      const subject = t("ui.inbox.forwarded", { subject: message.subject || file.name });
      const draft = await api.post<Row>("/api/drafts", { subject });
      await api.post(`/api/drafts/${draft.id}/take_file`, { message: message.id, number: file.number });
      return draft.id;
    },
    onSuccess: (draft) => navigate(`/inbox?box=drafts&letter=${draft}`),
    onError: (error) => say(problemText(error), { tone: "broken" }),
  });
  return (
    <ul className={css.files} aria-label={t("channels.message.files")}>
      {files.data?.map((file) => (
        <li key={file.number} className={css.file}>
          <Paperclip size={12} aria-hidden />
          <a
            className={css.name}
            href={`/api/messages/${message.id}/attachments/${file.number}`}
            download={file.name}
          >
            {file.name}
          </a>
          <span className={css.size}>{formatSize(file.size_bytes)}</span>
          {allowed && (
            <button
              type="button"
              className={css.out}
              aria-label={t("ui.inbox.file_forward", { name: file.name })}
              title={t("ui.inbox.file_forward", { name: file.name })}
              disabled={forward.isPending}
              onClick={() => forward.mutate(file)}
            >
              <Forward size={14} aria-hidden />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
