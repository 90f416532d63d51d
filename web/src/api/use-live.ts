import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type LiveMessage, listenLive } from "@/api/live";
import { useMeta } from "@/api/session";
import type { Meta } from "@/api/types";

const GATHER_MS = 250;

/** The name under which a page hears that rows of a kind have changed elsewhere. */
export const CHANGED = "guanxi:changed";

/** Marks as old what the topics touch: lists of that record, the record itself, and everything made from many records. */
export function refreshTopics(client: QueryClient, meta: Meta, topics: Iterable<string>): void {
  const said = [...topics];
  // Told to oneself alone, such as what one types in another window: nothing else can have changed by it.
  const own = said.filter((topic) => topic.startsWith("user:"));
  if (own.length) void client.invalidateQueries({ predicate: (query) => query.meta?.own === true });
  if (own.length === said.length) return;
  const plurals = new Map(Object.values(meta.records).map((record) => [record.name, record.plural]));
  for (const topic of said) {
    const [name = "", id] = topic.split(":");
    const plural = plurals.get(name);
    if (!plural) continue;
    if (id) void client.invalidateQueries({ queryKey: ["records", plural, "one", id] });
    else void client.invalidateQueries({ queryKey: ["records", plural, "one"] });
    const queryKey = ["records", plural, "list"];
    void client.invalidateQueries({ queryKey, predicate: (query) => !query.meta?.calm });
    // A list somebody reads is not pulled away under the pointer: it is told, and decides when.
    void client.invalidateQueries({
      queryKey,
      predicate: (query) => query.meta?.calm === true,
      refetchType: "none",
    });
    window.dispatchEvent(new CustomEvent(CHANGED, { detail: plural }));
    void client.invalidateQueries({ queryKey: ["records", plural, "count"] });
  }
  void client.invalidateQueries({ queryKey: ["story"] });
  void client.invalidateQueries({ queryKey: ["place"] });
  void client.invalidateQueries({ queryKey: ["measures"] });
}

/** Keeps what is on the screen as new as the server, gathering bursts; says whether the way to it is lost. */
export function useLive(): boolean {
  const [lost, setLost] = useState(false);
  const client = useQueryClient();
  const meta = useMeta();
  useEffect(() => {
    let waiting = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const topics = waiting;
      waiting = new Set();
      refreshTopics(client, meta, topics);
    };
    const stop = listenLive((message: LiveMessage) => {
      setLost(message.kind === "lost");
      if (message.kind === "lost") return;
      if (message.kind === "resync") {
        void client.invalidateQueries();
        return;
      }
      for (const topic of message.topics) waiting.add(topic);
      timer ??= setTimeout(flush, GATHER_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, meta]);
  return lost;
}
