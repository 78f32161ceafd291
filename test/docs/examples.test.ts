import { runSnippets } from "./run_snippets.ts";
import { docstringSnippets } from "./snippets.ts";

runSnippets("docstrings", docstringSnippets("src"));
