/** What can be done to many records at once: asked in one go, or in steps of one change-set where it takes long. */
import { api, Problem } from "@/api/client";
import type { Condition, OperationMeta, Page } from "@/api/types";

/** Records one ticked, or all that the list finds. */
export type Chosen = { ids: string[] } | { found: { where?: Condition | null; q?: string } };
type KeptRow = { id: string; label: string; code: string; message: string; fields: Problem["fields"] };
export type Outcome = { change_set: string | null; done: number; unchanged: number; kept: KeptRow[] };
/** Told after each step; answers whether to go on. */
export type Progress = (done: number, of: number) => boolean;

const STEP = 25;
const MOST = 1_000;
const PAGE = 200;

export function changeMany(plural: string, chosen: Chosen, values: Record<string, unknown>) {
  return api.post<Outcome>(`/api/${plural}/bulk/change`, { ...chosen, values });
}

export function archiveMany(plural: string, chosen: Chosen) {
  return api.post<Outcome>(`/api/${plural}/bulk/archive`, chosen);
}

/** The ids of what is chosen; one more than may be done, where there are more. */
async function idsOf(plural: string, chosen: Chosen): Promise<string[]> {
  if ("ids" in chosen) return chosen.ids;
  const { where, q } = chosen.found;
  const asked = { where: where ? JSON.stringify(where) : undefined, q: q || undefined, limit: PAGE };
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page: Page = await api.get<Page>(`/api/${plural}`, { ...asked, cursor });
    ids.push(...page.rows.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor && ids.length <= MOST);
  return ids;
}

/** Where an input fits no record, it is the input that is wrong, and the form says so. */
function requireSome(outcome: Outcome): void {
  const [first] = outcome.kept;
  if (!first || outcome.done || !Object.keys(first.fields).length) return;
  if (outcome.kept.every(({ code }) => code === first.code)) throw new Problem(422, { ...first, values: {} });
}

/** Does a verb to each of the chosen; more than a few in steps, which are still one change-set. */
export async function doToMany(
  plural: string,
  operation: OperationMeta,
  chosen: Chosen,
  given: Record<string, unknown>,
  progress: Progress,
): Promise<Outcome> {
  const path = `/api/${plural}/bulk/${operation.path.split("/").pop()}`;
  const ids = await idsOf(plural, chosen);
  if (ids.length > MOST) return api.post<Outcome>(path, { ids, given });
  const whole: Outcome = { change_set: null, done: 0, unchanged: 0, kept: [] };
  for (let at = 0; at < ids.length; at += STEP) {
    const step = { ids: ids.slice(at, at + STEP), given, change_set: whole.change_set };
    try {
      const { change_set, done, kept } = await api.post<Outcome>(path, step);
      whole.change_set = change_set ?? whole.change_set;
      whole.done += done;
      whole.kept.push(...kept);
    } catch (error) {
      if (!whole.done) throw error;
      throw new Interrupted(whole, error);
    }
    if (!at) requireSome(whole);
    if (!progress(Math.min(at + STEP, ids.length), ids.length)) break;
  }
  return whole;
}

/** Something went wrong on the way; what was done before stays done, and can be taken back. */
export class Interrupted extends Error {
  constructor(
    readonly outcome: Outcome,
    readonly problem: unknown,
  ) {
    super("interrupted");
  }
}

/** Why records stay as they are: each reason once, with the names of those that one may see. */
export function reasons(kept: KeptRow[]): { why: string; n: number; names: string[] }[] {
  const found = new Map<string, { why: string; n: number; names: string[] }>();
  for (const { code, message, fields, label } of kept) {
    const why = [message, ...Object.values(fields).map((field) => field.message)].join(" ");
    const one = found.get(code + why) ?? { why, n: 0, names: [] };
    one.n += 1;
    if (label) one.names.push(label);
    found.set(code + why, one);
  }
  return [...found.values()].sort((a, b) => b.n - a.n);
}
