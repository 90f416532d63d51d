/** How long a call took, between the seconds that are kept and what people write. */

const CLOCK = /^(?:(\d{1,2})[:：](?=\d+[:：]))?(\d{1,3})(?:[:：]([0-5]?\d?))?$/;
const DAY = 86_400;

/**
 * "12:30", "1:02:30" or "12", which are minutes, in seconds; null for what is none of them, or longer than a day.
 * While one still types, "12:" and "12:3" are no mistakes.
 */
export function secondsOf(text: string): number | null {
  const found = CLOCK.exec(text.trim());
  if (!found) return null;
  const [, hours, minutes, rest] = found;
  if (hours !== undefined && (rest === undefined || Number(minutes) > 59)) return null;
  const total = Number(hours ?? 0) * 3_600 + Number(minutes) * 60 + Number(rest ?? 0);
  return total > DAY ? null : total;
}

/** 750 as "12:30". */
export function minutesOf(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
