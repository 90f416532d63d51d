/** What one is writing: kept on the server a second after one stops typing, the same in every window of one's own. */
import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, Problem } from "@/api/client";
import { useMe, useMeta } from "@/api/session";
import type { Condition, Page, Reference, Row } from "@/api/types";
import { forget, keep, readKept } from "@/lib/kept";

export const BEGIN = "channels.draft.write";
const SETTLED_MS = 1_000;
const AGAIN_MS = 5_000;
const OTHERS = new Set(["record.changed_meanwhile", "draft.gone", "constraint.draft_one_in_conversation"]);

export type Draft = Row & {
  subject: string;
  text: string;
  signature: string | null;
  copies: string[];
  customer: Reference | null;
  conversation: Reference | null;
  updated_at: string;
};
export type Said = Pick<Draft, "subject" | "text" | "signature" | "copies" | "customer">;
/** Where it is written: in a conversation, or a letter that begins one, known once it is kept. */
export type Place = {
  conversation?: string;
  draft?: string | undefined;
  begin?: Partial<Said> & { matter?: string };
};
/** `other`: another window has kept something else; `away`: it could not be kept, and is tried again. */
type State = "quiet" | "typing" | "kept" | "other" | "away";
type Copy = { said: Said; version: number | null };

const NOTHING: Said = { subject: "", text: "", signature: null, copies: [], customer: null };

export function draftsOf(me: string, conversation?: string): Condition {
  const mine: Condition = { field: "owner", op: "is", value: me };
  return conversation ? { and: [mine, { field: "conversation", op: "is", value: conversation }] } : mine;
}

const saidIn = ({ subject, text, signature, copies, customer }: Said): Said => ({
  subject,
  text,
  signature,
  copies,
  customer,
});

const copyOf = (local: string) => (local ? readKept<Copy | null>(local, null) : null);

/** Fetches the draft of a place, where one was kept. */
async function found(me: string, { conversation, draft }: Place): Promise<Draft | null> {
  if (draft) return (await api.get<Draft>(`/api/drafts/${draft}`)) ?? null;
  const where = JSON.stringify(draftsOf(me, conversation));
  return (await api.get<Page<Draft>>("/api/drafts", { where, limit: 1 })).rows[0] ?? null;
}

/** Puts what was said to where it is kept: begun, kept in the version that was read, or thrown away when empty. */
async function put(place: Place, base: Draft | null, said: Said, full: boolean): Promise<Draft | null> {
  const empty =
    !full && !said.text.trim() && (place.conversation ? true : !said.subject.trim() && !said.customer);
  const { text, signature, subject, copies } = said;
  const letter = place.conversation ? {} : { subject, customer: said.customer?.id ?? null };
  const given = { text, signature, copies, ...letter };
  if (base && empty) {
    await api.post(`/api/drafts/${base.id}/archive`);
    return null;
  }
  if (base) return api.put<Draft>(`/api/drafts/${base.id}/content`, given, base.version);
  if (empty) return null;
  const { matter } = place.begin ?? {};
  const where = place.conversation ? { conversation: place.conversation } : matter ? { matter } : {};
  return api.post<Draft>("/api/drafts", { ...given, ...where });
}

export function useDraft(place: Place) {
  const me = useMe();
  const allowed = BEGIN in useMeta().operations;
  const client = useQueryClient();
  const where = place.conversation ?? place.draft ?? "letter";
  const local = place.conversation || place.draft ? `unsaved.${where}` : "";
  const key = useRef<QueryKey>(["records", "drafts", "list", "of", where]).current;
  const [said, setSaid] = useState<Said>({ ...NOTHING, ...place.begin, ...copyOf(local)?.said });
  const [state, setState] = useState<State>("quiet");
  const now = useRef(said);
  const base = useRef<Draft | null>(null);
  const dirty = useRef(false);
  const full = useRef(false);
  const saving = useRef<Promise<void> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const show = useCallback((next: Said) => {
    now.current = next;
    setSaid(next);
  }, []);

  const save = useCallback((): Promise<void> => {
    clearTimeout(timer.current);
    if (saving.current) return saving.current.then(() => (dirty.current ? save() : undefined));
    if (!dirty.current || !allowed) return Promise.resolve();
    dirty.current = false;
    const run = async () => {
      try {
        base.current = await put(place, base.current, now.current, full.current);
        if (!dirty.current && local) forget(local);
        client.setQueryData(key, base.current);
        setState(base.current ? "kept" : "quiet");
      } catch (error) {
        dirty.current = true;
        const other = error instanceof Problem && OTHERS.has(error.code);
        setState(other ? "other" : "away");
        if (!other) timer.current = setTimeout(save, AGAIN_MS);
        throw error;
      } finally {
        saving.current = null;
      }
    };
    saving.current = run();
    return saving.current;
  }, [allowed, client, key, local, place]);
  const saveQuietly = useCallback(() => void save().catch(() => undefined), [save]);

  const write = useCallback(
    (change: Partial<Said>) => {
      show({ ...now.current, ...change });
      dirty.current = true;
      if (local) keep(local, { said: now.current, version: base.current?.version ?? null } satisfies Copy);
      setState((before) => (before === "other" ? before : "typing"));
      clearTimeout(timer.current);
      timer.current = setTimeout(saveQuietly, SETTLED_MS);
    },
    [local, saveQuietly, show],
  );

  const kept = useQuery({
    queryKey: key,
    meta: { own: true },
    enabled: allowed && Boolean(place.conversation ?? place.draft),
    queryFn: () => found(me.id, place),
    staleTime: 0,
  });
  const asked = useRef(false);
  useEffect(() => {
    if (kept.data === undefined || saving.current) return;
    const row = kept.data;
    if (!asked.current) {
      // What this browser could not send before it was closed goes on where it was.
      asked.current = true;
      const copy = copyOf(local);
      base.current = row && copy?.version ? { ...row, version: copy.version } : row;
      if (copy && !dirty.current) write(copy.said);
      else if (row && !dirty.current) show(saidIn(row));
      if (row && !copy) setState("kept");
      return;
    }
    if (dirty.current || row?.version === base.current?.version) return;
    // An answer that was asked for before the last keeping and came after it tells what is over.
    if (row && row.id === base.current?.id && (row.version ?? 0) < (base.current.version ?? 0)) return;
    base.current = row;
    show(row ? saidIn(row) : NOTHING);
    setState(row ? "kept" : "quiet");
  }, [kept.data, local, show, write]);

  useEffect(() => {
    const hide = () => document.visibilityState === "hidden" && saveQuietly();
    document.addEventListener("visibilitychange", hide);
    return () => {
      document.removeEventListener("visibilitychange", hide);
      clearTimeout(timer.current);
      saveQuietly();
    };
  }, [saveQuietly]);

  /** Begins the draft before anything is written, for what has to belong to one. */
  const begin = async (): Promise<string> => {
    if (base.current) return base.current.id;
    dirty.current = true;
    full.current = true;
    await save();
    const row = base.current as Draft | null;
    if (!row) throw new Problem(0, { code: "client.offline" });
    return row.id;
  };

  /** Says whether the draft holds files: then it is something without a word. */
  const holds = useCallback((some: boolean) => {
    full.current = some;
  }, []);

  /** Goes on with what the other window kept, or with what stands here. */
  const settle = async (mine: boolean) => {
    clearTimeout(timer.current);
    const row = await found(
      me.id,
      base.current ? { ...place, draft: undefined, ...idOf(place, base.current) } : place,
    ).catch(() => null);
    base.current = row?.archived_at ? null : row;
    dirty.current = mine;
    if (mine) return save();
    if (local) forget(local);
    show(base.current ? saidIn(base.current) : NOTHING);
    client.setQueryData(key, base.current);
    setState(base.current ? "kept" : "quiet");
  };

  const clear = () => {
    base.current = null;
    dirty.current = false;
    clearTimeout(timer.current);
    if (local) forget(local);
    show(NOTHING);
    client.setQueryData(key, null);
    setState("quiet");
  };

  /** Takes back into the page what was thrown away. */
  const takeBack = (row: Draft) => {
    base.current = row;
    show(saidIn(row));
    client.setQueryData(key, row);
    setState("kept");
  };

  return {
    said,
    state,
    allowed,
    write,
    save,
    begin,
    holds,
    settle,
    clear,
    takeBack,
    row: () => base.current,
  };
}

/** In a conversation the one draft there is; else the letter itself. */
function idOf(place: Place, base: Draft): Place {
  return place.conversation ? { conversation: place.conversation } : { draft: base.id };
}
