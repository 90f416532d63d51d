import { expect, test } from "vitest";
import { minutesOf, secondsOf } from "@/records/values/minutes";

test.each([
  ["12:30", 750],
  ["12", 720],
  [" 0:45 ", 45],
  ["12：30", 750],
  ["90:00", 5_400],
  ["1:02:30", 3_750],
  ["", null],
  ["twelve", null],
  ["12:75", null],
  ["1:75:00", null],
  ["25:00:00", null],
  ["12:", 720],
  ["12:3", 723],
])("%j is %j seconds", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

test.each([750, 45, 0, 3_750, 5_400, 86_400])("%j seconds are read as they are written", (seconds) => {
  expect(secondsOf(minutesOf(seconds))).toBe(seconds);
});
