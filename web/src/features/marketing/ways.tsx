import { t } from "@/lib/words";

/** How often a strategy begins again for the same people. */
export function Rhythm({ days, most }: { days: number | null; most?: unknown }) {
  if (!days) return "–";
  const every = t("ui.strategy.every", { n: days });
  return typeof most === "number" ? t("ui.strategy.at_most", { every, n: most }) : every;
}

/** The ways of a strategy in their order, as people call them. */
export function Ways({ channels }: { channels: string[] }) {
  return channels.map((channel) => t(`channels.conversation.channel.${channel}`)).join(t("ui.value.comma"));
}
