import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { DayInput } from "@/ui/day-input";

afterEach(cleanup);

describe("a day that is asked for", () => {
  it("keeps what is being typed while the page around it is drawn again", async () => {
    const take = vi.fn();
    const page = () => <DayInput aria-label="Until" value="2026-11-27" onChange={(day) => take(day)} />;
    const { rerender } = render(page());
    const input = screen.getByLabelText("Until");
    await userEvent.click(input);
    await userEvent.clear(input);
    await userEvent.type(input, "2026-11-18");
    rerender(page());
    expect((input as HTMLInputElement).value).toBe("2026-11-18");
    await userEvent.type(input, "{Enter}");
    expect(take).toHaveBeenCalledExactlyOnceWith("2026-11-18");
  });
});
