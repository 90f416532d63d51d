/** Which keys there are, for the page that shows them; each line names its words. */
export const KEYS: [string, [string[], string][]][] = [
  [
    "everywhere",
    [
      [["mod", "K"], "find"],
      [["/"], "find"],
      [["C"], "create"],
      [["?"], "keys"],
      [["Esc"], "close"],
    ],
  ],
  [
    "list",
    [
      [["J"], "down"],
      [["K"], "up"],
      [["Enter"], "open"],
      [["Space"], "peek"],
      [["X"], "select"],
      [["E"], "edit"],
      [["F"], "filter"],
    ],
  ],
  [
    "record",
    [
      [["E"], "edit"],
      [["H"], "history"],
    ],
  ],
  [
    "inbox",
    [
      [["J"], "next"],
      [["K"], "previous"],
      [["R"], "reply"],
      [["mod", "Enter"], "send"],
      [["D"], "done"],
    ],
  ],
];
