import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { ReplyAll, UserPlus } from "lucide-react";
import { useState } from "react";
import { api } from "@/api/client";
import css from "@/features/inbox/composer.module.css";
import { t } from "@/lib/words";

/** Between two addresses that are typed or pasted. */
const BETWEEN = [",", ";", " ", "，", "；"];

type Props = { value: string[]; change: (copies: string[]) => void };

/** Whether the field of copies is open: once somebody asked for it, and as long as it holds an address. */
export function useCopies({ value, change }: Props) {
  const [asked, setAsked] = useState(false);
  return { value, change, open: asked || value.length > 0, ask: () => setAsked(true) };
}

type Copies = ReturnType<typeof useCopies>;

/** Who gets a copy, each address an entry that is typed, pasted or taken away again. */
export function CopiesField({ value, change, open }: Copies) {
  if (!open) return null;
  return (
    <div className={css.copies}>
      <span aria-hidden>{t("ui.inbox.copies")}</span>
      <Select
        mode="tags"
        open={false}
        suffixIcon={null}
        autoFocus={value.length === 0}
        tokenSeparators={BETWEEN}
        aria-label={t("ui.inbox.copies")}
        placeholder={t("ui.inbox.copies_hint")}
        className={css.full}
        value={value}
        onInputKeyDown={(event) => {
          // The field itself takes nothing out for a moment after typing, lest a held key goes on into the addresses.
          const typed = event.currentTarget as HTMLInputElement;
          if (event.key !== "Backspace" || event.repeat || typed.value || event.nativeEvent.isComposing)
            return;
          event.stopPropagation();
          change(value.slice(0, -1));
        }}
        onChange={(next: string[]) => change([...new Set(next.map((one) => one.trim().toLowerCase()))])}
      />
    </div>
  );
}

/** Opens the field of copies; where their letter went to others, too, fills it with them. */
export function CopiesButton({ copies, conversation }: { copies: Copies; conversation?: string }) {
  const others = useQuery({
    queryKey: ["records", "messages", "list", "others", conversation ?? ""],
    queryFn: ({ signal }) =>
      api.get<string[]>(`/api/conversations/${conversation}/others`, undefined, signal),
    enabled: Boolean(conversation),
    retry: false,
  });
  const missing = (others.data ?? []).filter((one) => !copies.value.includes(one));
  if (missing.length > 0) {
    const all = () => copies.change([...copies.value, ...missing]);
    return (
      <Button type="text" icon={<ReplyAll size={16} aria-hidden />} title={missing.join(", ")} onClick={all}>
        {t("ui.inbox.reply_all")}
      </Button>
    );
  }
  if (copies.open) return null;
  const label = t("ui.inbox.copies_add");
  return (
    <Button type="text" icon={<UserPlus size={16} aria-hidden />} title={label} onClick={copies.ask}>
      {label}
    </Button>
  );
}
