import { LoaderCircle } from "lucide-react";
import { has, t } from "@/lib/words";

/** What turns in a button while it works. It comes and goes at once: an icon that waits for the end of its motion
 * stays for good, unseen but read out, where the work took less than a frame or where nothing may move. */
export function Busy() {
  return (
    <LoaderCircle
      size={14}
      className="busy"
      role="img"
      aria-label={has("ui.state.loading") ? t("ui.state.loading") : undefined}
    />
  );
}
