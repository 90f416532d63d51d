import { expect, test } from "vitest";
import { blank, fromRow, inserted, onlyIf, toInput } from "@/features/marketing/letters";

test("a blank goes where the cursor stands, and what was marked makes way", () => {
  expect(inserted("Dear ,", 5, 5, blank("customer.name"))).toEqual(["Dear {{ customer.name }},", 24, 24]);
  expect(inserted("Dear you,", 5, 8, blank("customer.name"))[0]).toBe("Dear {{ customer.name }},");
});

test("what only some get is put around what is marked, or around words to write over, which are marked then", () => {
  const [text, from, to] = inserted("See you in Leeds.", 0, 17, onlyIf("customer.city", "words"));
  expect(text).toBe("{% if customer.city %}See you in Leeds.{% endif %}");
  expect(text.slice(from, to)).toBe("See you in Leeds.");
  const [empty, start, end] = inserted("", 0, 0, onlyIf("customer.city", "words"));
  expect(empty).toBe("{% if customer.city %}words{% endif %}");
  expect(empty.slice(start, end)).toBe("words");
});

test("a row as letters and back says the same", () => {
  const row = { id: "1", label: "", version: 1, subject_en: "News", body_en: "Hello", body_zh_hans: "您好" };
  expect(toInput(fromRow(row as never))).toEqual({
    subject_en: "News",
    body_en: "Hello",
    subject_zh_hans: "",
    body_zh_hans: "您好",
    subject_zh_hant: "",
    body_zh_hant: "",
  });
});
