/** The one way to the server: same origin, JSON, a header against forged requests, errors as `Problem`. */

export type FieldProblem = { code: string; message: string };
type ProblemBody = {
  code?: string;
  message?: string;
  values?: Record<string, unknown>;
  fields?: Record<string, FieldProblem>;
};

/** What the server (or the way to it) refused, with a code a person can quote. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly values: Record<string, unknown>;
  readonly fields: Record<string, FieldProblem>;
  /** After how many seconds it is worth another try; 0 where nothing was said. */
  readonly after: number;

  constructor(status: number, body: ProblemBody, after = 0) {
    super(body.message ?? "");
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? `http.${status}`;
    this.values = body.values ?? {};
    this.fields = body.fields ?? {};
    this.after = after;
  }

  get offline(): boolean {
    return this.status === 0;
  }
}

type Query = Record<string, string | number | boolean | null | undefined>;
type Options = { query?: Query; body?: unknown; signal?: AbortSignal; key?: string; version?: number };

let onSignedOut: () => void = () => undefined;

/** The application says here what happens when the session has ended. */
export function whenSignedOut(react: () => void): void {
  onSignedOut = react;
}

/** A random key that makes repeating a POST harmless; also works where the page is not served over TLS. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function address(path: string, query?: Query): string {
  const pairs = Object.entries(query ?? {}).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  if (!pairs.length) return path;
  return `${path}?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`;
}

async function readProblem(response: Response): Promise<Problem> {
  const after = Number(response.headers.get("Retry-After")) || 0;
  try {
    return new Problem(response.status, (await response.json()) as ProblemBody, after);
  } catch {
    return new Problem(response.status, {}, after);
  }
}

async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const init: RequestInit = { method, headers, credentials: "same-origin", signal: options.signal ?? null };
  if (method !== "GET") headers["X-Guanxi"] = "1";
  if (method === "POST") headers["Idempotency-Key"] = options.key ?? newKey();
  if (options.version !== undefined) headers["If-Match"] = `"${options.version}"`;
  if (options.body instanceof FormData || options.body instanceof Blob) {
    init.body = options.body;
  } else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(address(path, options.query), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, { code: "client.offline" });
  }
  if (!response.ok) {
    const problem = await readProblem(response);
    if (response.status === 401 && path !== "/api/sign-in") onSignedOut();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    request<T>("GET", path, { ...(query && { query }), ...(signal && { signal }) }),
  post: <T>(path: string, body?: unknown, key?: string, version?: number) =>
    request<T>("POST", path, {
      body: body ?? {},
      ...(key && { key }),
      ...(version !== undefined && { version }),
    }),
  put: <T>(path: string, body?: unknown, version?: number) =>
    request<T>("PUT", path, { body, ...(version !== undefined && { version }) }),
  /** Changes what was read in this version; whatever has changed since is a refusal (412). */
  patch: <T>(path: string, body?: unknown, version?: number) =>
    request<T>("PATCH", path, { body, ...(version !== undefined && { version }) }),
  remove: <T>(path: string) => request<T>("DELETE", path),
};
