import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { FileText } from "lucide-react";
import { useState } from "react";
import { api } from "@/api/client";
import { useMeta } from "@/api/session";
import type { Page } from "@/api/types";
import { t } from "@/lib/words";
import { Menu } from "@/ui/menu";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const PREVIEW = "channels.template.preview";
type Letter = { language: string; subject: string; text: string; missing: string[] };

/** Takes a written letter, with the blanks filled for this customer. */
export function TemplatePicker({ customer, take }: { customer: string; take: (text: string) => void }) {
  const allowed = PREVIEW in useMeta().operations;
  const [open, setOpen] = useState(false);
  const templates = useQuery({
    queryKey: ["records", "templates", "list", "choose"],
    queryFn: ({ signal }) => api.get<Page>("/api/templates", { sort: "name", limit: 100 }, signal),
    enabled: allowed && open,
  });
  const choose = async (id: string) => {
    try {
      const letter = await api.post<Letter>(`/api/templates/${id}/preview`, { customer });
      if (letter.missing.length) {
        say(t("ui.inbox.template_lacks", { blanks: letter.missing.join(t("ui.value.comma")) }), {
          tone: "broken",
        });
      } else take(letter.text);
    } catch (error) {
      say(problemText(error), { tone: "broken" });
    }
  };
  if (!allowed) return null;
  const rows = templates.data?.rows ?? [];
  const none = { key: "none", label: t("ui.inbox.no_templates"), disabled: true };
  return (
    <Menu
      opened={setOpen}
      menu={{
        items: rows.length ? rows.map((row) => ({ key: row.id, label: String(row.name) })) : [none],
        onClick: ({ key }) => void choose(key),
      }}
    >
      <Button type="text" icon={<FileText size={16} aria-hidden />} title={t("ui.inbox.template")}>
        {t("ui.inbox.template")}
      </Button>
    </Menu>
  );
}
