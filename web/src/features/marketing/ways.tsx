import { t } from "@/lib/words";

/** How often a strategy begins again for the same people. */
export function Rhythm({ days }: { days: number | null }) {
  return days ? t("ui.strategy.every", { n: days }) : "–";
}

/** The ways of a strategy in their order, as people call them. */
export function Ways({ channels }: { channels: string[] }) {
  return channels.map((channel) => t(`channels.conversation.channel.${channel}`)).join(t("ui.value.comma"));
}
