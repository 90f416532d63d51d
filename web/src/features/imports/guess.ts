import type { Column, Look, Mapping } from "@/features/imports/data";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^\+?[\d\s\-().（）]+$/;
const DATE = /^\d{4}[-./]\d{1,2}[-./]\d{1,2}|^\d{1,2}[-./]\d{1,2}[-./]\d{2,4}(\s|$)/;
const MOST = 0.6;

/** A bare row of digits is a number of anything: it rings where it begins as numbers do, or is written in groups. */
function rings(value: string): boolean {
  const digits = value.replace(/\D/g, "");
  if (!PHONE.test(value) || DATE.test(value)) return false;
  if (value.startsWith("+")) return digits.length >= 8 && digits.length <= 15;
  if (/^1[3-9]\d{9}$/.test(digits) || /^0\d{8,11}$/.test(digits)) return true;
  return /\d[\s\-()]+\d/.test(value) && digits.length >= 10 && digits.length <= 11;
}

/** Whether what stands in a column looks like addresses or numbers. */
export function looksLike(values: string[]): "email" | "phone" | null {
  const share = (test: (value: string) => boolean) => values.filter(test).length / values.length;
  if (values.length === 0) return null;
  if (share((value) => EMAIL.test(value)) >= MOST) return "email";
  return share(rings) >= MOST ? "phone" : null;
}

export type Unused = {
  heading: string;
  values: string[];
  kind: "email" | "phone" | null;
  as: Column | null;
};

/** The columns of the file that nothing is taken from, and what they might be. */
export function unusedOf(look: Look, mapping: Mapping): Unused[] {
  const used = new Set(Object.values(mapping).filter((source) => typeof source === "string"));
  return look.headings
    .filter((heading) => heading && !used.has(heading))
    .map((heading) => {
      const values = valuesOf(look, heading);
      const kind = looksLike(values);
      const free = look.columns.find(
        ({ name, kind: own }) => !(name in mapping) && (look.suggested[name] === heading || own === kind),
      );
      return { heading, values, kind, as: free ?? null };
    });
}

export function valuesOf(look: Look, heading: string): string[] {
  return [...new Set(look.sample.map((row) => (row[heading] ?? "").trim()).filter(Boolean))];
}
