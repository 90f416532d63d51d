import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useLongWait } from "@/lib/use-later";

const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(10_000);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("a long wait", () => {
  it("is shown after a while", () => {
    const { result } = renderHook(() => useLongWait());
    pass(299);
    expect(result.current).toBe(false);
    pass(1);
    expect(result.current).toBe(true);
  });

  it("goes on where another one ended, so that a page is not blank between two steps", () => {
    const first = renderHook(() => useLongWait());
    pass(200);
    first.unmount();
    const second = renderHook(() => useLongWait());
    pass(100);
    expect(second.result.current).toBe(true);
    second.unmount();
    expect(renderHook(() => useLongWait()).result.current).toBe(true);
  });

  it("begins anew when nothing was waited for in between", () => {
    const first = renderHook(() => useLongWait());
    pass(400);
    first.unmount();
    pass(200);
    const second = renderHook(() => useLongWait());
    expect(second.result.current).toBe(false);
  });
});
