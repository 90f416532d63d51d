import { QueryObserver } from "@tanstack/react-query";
import { afterEach, describe, expect, it, vi } from "vitest";
import { api, newKey, Problem, whenSignedOut } from "@/api/client";
import { queryClient } from "@/api/query";

function answering(status: number, body: unknown) {
  const fetched = vi.fn(
    async () => new Response(body === undefined ? null : JSON.stringify(body), { status }),
  );
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

describe("the way to the server", () => {
  it("marks every write as our own and makes repeating a POST harmless", async () => {
    const fetched = answering(200, { ok: true });
    await api.post("/api/customers", { name: "张伟" }, "key-1");
    const [address, init] = fetched.mock.calls[0] as unknown as [string, RequestInit];
    expect(address).toBe("/api/customers");
    expect(init.headers).toMatchObject({
      "X-Guanxi": "1",
      "Idempotency-Key": "key-1",
      "Content-Type": "application/json",
    });
    expect(init.body).toBe('{"name":"张伟"}');
  });

  it("leaves out of the address what was not said", async () => {
    const fetched = answering(200, {});
    await api.get("/api/customers", { q: "王", sort: undefined, cursor: null, limit: 5, view: "" });
    expect((fetched.mock.calls[0] as unknown as [string])[0]).toBe("/api/customers?q=%E7%8E%8B&limit=5");
  });

  it("turns a refusal into a problem with its code and fields", async () => {
    answering(422, {
      code: "input.invalid",
      message: "Look at the fields.",
      values: {},
      fields: { name: { code: "x", message: "Needed." } },
    });
    const problem = await api.patch("/api/customers/1", {}).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({
      status: 422,
      code: "input.invalid",
      message: "Look at the fields.",
      fields: { name: { message: "Needed." } },
    });
  });

  it("names what is no JSON by its status, and a server out of reach as offline", async () => {
    vi.stubGlobal("fetch", async () => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    await expect(api.get("/api/me")).rejects.toMatchObject({ status: 502, code: "http.502" });
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(api.get("/api/me")).rejects.toMatchObject({ offline: true, code: "client.offline" });
  });

  it("says once that the session has ended, but not for a wrong password", async () => {
    const gone = vi.fn();
    whenSignedOut(gone);
    answering(401, { code: "session.missing", message: "" });
    await api.get("/api/customers").catch(() => undefined);
    expect(gone).toHaveBeenCalledTimes(1);
    await api.post("/api/sign-in", {}).catch(() => undefined);
    expect(gone).toHaveBeenCalledTimes(1);
  });

  it("makes keys that do not repeat", () => {
    expect(new Set(Array.from({ length: 200 }, newKey)).size).toBe(200);
  });
});

describe("what is read too fast", () => {
  it("says why, and reads again when it was told to", async () => {
    vi.useFakeTimers();
    const told = { code: "limit.too_many", message: "Try again in 3 seconds.", values: {}, fields: {} };
    const fetched = vi
      .fn()
      .mockResolvedValueOnce(
        new Response(JSON.stringify(told), { status: 429, headers: { "Retry-After": "3" } }),
      )
      .mockResolvedValueOnce(new Response(JSON.stringify({ rows: [1] }), { status: 200 }));
    vi.stubGlobal("fetch", fetched);
    const list = new QueryObserver(queryClient, {
      queryKey: ["too-fast"],
      queryFn: () => api.get<{ rows: number[] }>("/api/customers"),
    });
    const end = list.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(2_900);
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(list.getCurrentResult().error?.message).toBe("Try again in 3 seconds.");
    await vi.advanceTimersByTimeAsync(200);
    expect(list.getCurrentResult()).toMatchObject({ isError: false, data: { rows: [1] } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fetched).toHaveBeenCalledTimes(2);
    end();
    vi.useRealTimers();
  });

  it("does not repeat a write", async () => {
    const fetched = answering(429, { code: "limit.too_many", message: "Try again." });
    await expect(api.post("/api/customers", {})).rejects.toMatchObject({ status: 429 });
    expect(fetched).toHaveBeenCalledTimes(1);
  });
});
