import { Button } from "antd";
import { ChevronDown, Upload } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useMeta } from "@/api/session";
import { sendFile } from "@/features/imports/data";
import { rowsIn, usePaste } from "@/features/imports/paste";
import { usePhone } from "@/lib/use-phone";
import { t } from "@/lib/words";
import { Menu } from "@/ui/menu";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

const PREPARE = "workspace.import.prepare";

/** From a list to the file, or the copied rows, that fill it. */
export function ImportButton({ plural }: { plural: string }) {
  const meta = useMeta();
  const phone = usePhone();
  const navigate = useNavigate();
  const [reading, setReading] = useState(false);
  const may = PREPARE in meta.operations || meta.records.imports?.create === PREPARE;
  const take = async (text: string) => {
    setReading(true);
    try {
      await navigate(await sendFile(plural, rowsIn(text), true));
    } catch (error) {
      say(problemText(error), { tone: "broken", seconds: 12 });
    } finally {
      setReading(false);
    }
  };
  usePaste((text) => void take(text), may && !reading);
  if (phone || !may) return null;
  const items = [
    { key: "file", label: t("ui.import.a_file") },
    { key: "paste", label: t("ui.import.paste_rows"), extra: t("ui.import.paste_key") },
  ];
  const go = ({ key }: { key: string }) =>
    navigate(`/import?${new URLSearchParams({ noun: plural, ...(key === "paste" ? { paste: "" } : {}) })}`);
  return (
    <Menu menu={{ items, onClick: (one) => void go(one) }}>
      <Button icon={<Upload size={16} aria-hidden />} loading={reading}>
        {t("ui.import.title")}
        <ChevronDown size={14} aria-hidden />
      </Button>
    </Menu>
  );
}
