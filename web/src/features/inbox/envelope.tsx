import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Reference } from "@/api/types";
import { t } from "@/lib/words";

type Ends = { from: string | null; to: string | null };

/** From which address a letter leaves and to which it goes: what stands on an envelope. */
export function Envelope({ customer }: { customer: Reference }) {
  const ends = useQuery({
    queryKey: ["records", "contact_points", "list", "envelope", customer.id],
    queryFn: ({ signal }) => api.get<Ends>("/api/drafts/envelope", { customer: customer.id }, signal),
  });
  if (!ends.data) return "\u00a0"; // the line keeps its place
  const { from, to } = ends.data;
  return t("ui.inbox.envelope", {
    to: to ? t("ui.inbox.goes_to", { to }) : t("ui.inbox.goes_nowhere", { name: customer.label }),
    from: from ? t("ui.inbox.leaves_from", { from }) : t("ui.inbox.leaves_nowhere"),
  });
}
