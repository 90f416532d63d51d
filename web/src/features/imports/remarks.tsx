import css from "@/features/imports/remarks.module.css";

/** What is special about a file, such as rows that are hidden in the spreadsheet. */
export function Remarks({ said }: { said: string[] }) {
  if (said.length === 0) return null;
  return (
    <ul className={css.remarks}>
      {said.map((one) => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  );
}
