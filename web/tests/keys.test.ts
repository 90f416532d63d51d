import { describe, expect, it } from "vitest";
import { KEYS } from "@/app/shell/keys";
import { takesKeys } from "@/lib/keys";
import { shellWords } from "./shell-words";

function made(html: string): Element {
  document.body.innerHTML = html;
  return document.querySelector("#here") as Element;
}

describe("bare keys", () => {
  it.each([
    ["<input id=here>", true],
    ["<input id=here type=password>", true],
    ["<textarea id=here></textarea>", true],
    ["<select id=here></select>", true],
    ["<p id=here contenteditable=true></p>", true],
    ["<input id=here type=checkbox>", false],
    ["<input id=here type=radio>", false],
    ["<button id=here></button>", false],
    ["<div role=grid><a id=here href='/'>x</a></div>", false],
    ["<ul role=menu><li role=menuitem id=here></li></ul>", true],
    ["<div role=listbox><div id=here></div></div>", true],
    ["<div role=dialog><button id=here></button></div>", true],
  ])("on %s belong to it: %s", (html, belongs) => {
    expect(takesKeys(made(html))).toBe(belongs);
  });

  it("belong to the page where nothing has the keyboard", () => {
    expect(takesKeys(document.body)).toBe(false);
    expect(takesKeys(null)).toBe(false);
  });
});

describe.each(["en", "zh-Hans", "zh-Hant"])("the page of the keys in %s", (language) => {
  const words = shellWords(language);

  it("has a word for every group and every key", () => {
    const wanted = KEYS.flatMap(([group, lines]) => [`group_${group}`, ...lines.map(([, what]) => what)]);
    expect(wanted.filter((name) => !words[`ui.keys.${name}`])).toEqual([]);
  });
});
