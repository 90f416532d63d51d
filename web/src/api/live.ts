/** One stream of topics for all tabs of a browser: one tab listens to the server and tells the others. */
import { api } from "@/api/client";
import { keep, readKept } from "@/lib/kept";

export type LiveMessage = { kind: "changed"; topics: string[] } | { kind: "resync" } | { kind: "lost" };
type Listener = (message: LiveMessage) => void;
type Claim = { id: string; at: number };

const CHANNEL = "guanxi.live";
const CLAIM = "live.leader";
const BEAT_MS = 2_000;
const STALE_MS = 5_500;
const AGAIN_MS = 3_000;

function openStream(tell: Listener): () => void {
  let source: EventSource;
  let again: ReturnType<typeof setTimeout> | undefined;
  let lost = false;
  let closed = false;
  const askAndConnect = async () => {
    await api.get("/api/me").catch(() => undefined);
    if (!closed) connect();
  };
  const connect = () => {
    source = new EventSource("/api/live");
    source.addEventListener("changed", (event) => {
      const { topics } = JSON.parse((event as MessageEvent<string>).data) as { topics: string[] };
      tell({ kind: "changed", topics });
    });
    source.addEventListener("resync", () => tell({ kind: "resync" }));
    source.addEventListener("error", () => {
      lost = true;
      tell({ kind: "lost" });
      // The browser gives up on an answer that is no stream: of a proxy whose server restarts, or that a session ended.
      if (source.readyState === EventSource.CLOSED) again = setTimeout(askAndConnect, AGAIN_MS);
    });
    // What happened while the stream was down is unknown, so everything in view is asked for again.
    source.addEventListener("open", () => {
      if (lost) tell({ kind: "resync" });
      lost = false;
    });
  };
  connect();
  return () => {
    closed = true;
    clearTimeout(again);
    source.close();
  };
}

/** Runs `lead` in exactly one tab: by the browser's locks, or (without TLS) by a claim that must be renewed. */
function elect(lead: () => () => void): () => void {
  if (navigator.locks) {
    const stop = new AbortController();
    let step: (() => void) | undefined;
    navigator.locks
      .request(CHANNEL, { signal: stop.signal }, () => {
        const close = lead();
        return new Promise<void>((release) => {
          step = () => {
            close();
            release();
          };
        });
      })
      .catch(() => undefined);
    return () => (step ? step() : stop.abort());
  }
  return electByClaim(lead);
}

function electByClaim(lead: () => () => void): () => void {
  const id = String(Math.random());
  let close: (() => void) | undefined;
  const beat = () => {
    const claim = readKept<Claim | null>(CLAIM, null);
    const mine = claim?.id === id;
    if (!mine && claim && Date.now() - claim.at < STALE_MS) {
      close?.();
      close = undefined;
      return;
    }
    keep(CLAIM, { id, at: Date.now() });
    close ??= lead();
  };
  const resign = () => {
    if (close) keep(CLAIM, null);
    close?.();
    close = undefined;
  };
  beat();
  const timer = setInterval(beat, BEAT_MS);
  window.addEventListener("pagehide", resign);
  return () => {
    clearInterval(timer);
    window.removeEventListener("pagehide", resign);
    resign();
  };
}

/** Hears every message of the stream until the returned function is called. */
export function listenLive(listener: Listener): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<LiveMessage>) => listener(event.data);
  const resign = elect(() =>
    openStream((message) => {
      listener(message);
      channel.postMessage(message);
    }),
  );
  return () => {
    resign();
    channel.close();
  };
}
