/**
 * `npm run bench -- --outcomes [--update]`: prints the table, and puts it into the README.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { outcomes, tableOf, withTable } from "./table.ts";

const DOCUMENT = "README.md";

/** Runs all experiments and prints what happened. */
export async function reportOutcomes(isUpdate: boolean): Promise<void> {
  console.error("Breaking connections of three clients; some never answer: about 15 s …");
  const table = tableOf(await outcomes());
  console.log(table);
  if (isUpdate) writeFileSync(DOCUMENT, withTable(readFileSync(DOCUMENT, "utf8"), table));
}
