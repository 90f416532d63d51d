import { Button } from "antd";
import { Upload } from "lucide-react";
import { useNavigate } from "react-router";
import { useMeta } from "@/api/session";
import { usePhone } from "@/lib/use-phone";
import { t } from "@/lib/words";

const PREPARE = "workspace.import.prepare";

/** From a list to the file that fills it. */
export function ImportButton() {
  const meta = useMeta();
  const phone = usePhone();
  const navigate = useNavigate();
  if (phone || (!(PREPARE in meta.operations) && meta.records.imports?.create !== PREPARE)) return null;
  return (
    <Button icon={<Upload size={16} aria-hidden />} onClick={() => navigate("/import")}>
      {t("ui.import.title")}
    </Button>
  );
}
