import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import css from "@/features/inbox/composer.module.css";
import { t } from "@/lib/words";
import { TextArea } from "@/ui/text-area";

const SMALL = 2;

/** What will stand under what is written: seen before it is sent, and changed here for this one alone. */
export function SignatureField({
  conversation,
  value,
  change,
}: {
  conversation?: string | undefined;
  /** Null where the one stands that always does. */
  value: string | null;
  change: (signature: string | null) => void;
}) {
  const usual = useQuery({
    queryKey: ["records", "signatures", "list", "mine", conversation ?? ""],
    queryFn: ({ signal }) => api.get<{ text: string }>("/api/drafts/signature", { conversation }, signal),
  });
  if (!usual.data || (!usual.data.text && value === null)) return null;
  const text = value ?? usual.data.text;
  return (
    <TextArea
      className={css.signature}
      least={Math.max(1, Math.min(SMALL, text.split("\n").length))}
      aria-label={t("channels.signature.one")}
      placeholder={t("ui.inbox.no_signature")}
      value={text}
      onChange={({ target }) => change(target.value === usual.data.text ? null : target.value)}
    />
  );
}
