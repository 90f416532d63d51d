import { t } from "@/lib/words";

/** The ways of a strategy in their order, as people call them. */
export function Ways({ channels }: { channels: string[] }) {
  return channels.map((channel) => t(`channels.conversation.channel.${channel}`)).join(t("ui.value.comma"));
}
