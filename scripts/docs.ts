/**
 * `npm run docs`: the API reference with the guide, as a site of plain files. Fails if a command or
 * an export has no place in it, or if a link leads nowhere.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { check } from "./docs/check.ts";
import { GUIDE, SECTION_TITLES } from "./docs/sections.ts";
import { shape } from "./docs/shape.ts";
import { loadTypeDoc } from "./docs/tools.ts";
import type { TypeDoc } from "./docs/typedoc.ts";

const OUTPUT = ".cache/docs";

const OPTIONS = {
  name: "typedis",
  entryPoints: ["docs/site/entry.ts"],
  tsconfig: "docs/site/tsconfig.json",
  readme: "docs/guide/index.md",
  projectDocuments: GUIDE.map((name) => `docs/guide/${name}.md`),
  // The sources are checked by `npm run typecheck`.
  skipErrorChecking: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeProtected: true,
  preservedTypeAnnotationTags: ["@throws"],
  disableGit: true,
  sourceLinkTemplate: "#",
  router: "structure",
  categorizeByGroup: false,
  categoryOrder: ["Guide", ...SECTION_TITLES],
  navigation: { includeCategories: true, includeGroups: false, compactFolders: false },
  sort: ["documents-first"],
  searchInComments: true,
  searchInDocuments: true,
  includeHierarchySummary: false,
  visibilityFilters: {},
  headings: { readme: false, document: false },
  customCss: "docs/site/style.css",
  lightHighlightTheme: "github-light",
  darkHighlightTheme: "github-dark",
  highlightLanguages: ["typescript", "bash", "lua"],
  githubPages: false,
  hideGenerator: true,
  markdownLinkExternal: false,
  validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true },
  logLevel: "Warn",
};

async function main(): Promise<boolean> {
  const typedoc = await loadTypeDoc();
  if (typedoc === undefined) return false;
  console.log("docs: reading the sources …");
  const start = performance.now();
  const lost = await generate(typedoc);
  if (lost === undefined) return false;
  const findings = [
    ...lost.map((file) => `src/${file} is in no section: add it to scripts/docs/sections.ts`),
    ...check(OUTPUT),
  ];
  for (const finding of findings) console.log(`docs: ${finding}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`docs: made in ${seconds} s, ${findings.length} problems`);
  if (existsSync(OUTPUT)) console.log(`docs: open ${resolve(OUTPUT, "index.html")}`);
  return findings.length === 0;
}

/** Writes the site; returns the source files that belong to no section. */
async function generate(typedoc: TypeDoc): Promise<string[] | undefined> {
  const app = await typedoc.Application.bootstrap(OPTIONS);
  let lost: string[] = [];
  app.converter.on(
    "resolveBegin",
    ({ project }) => {
      lost = shape(project, typedoc);
    },
    1000,
  );
  const project = await app.convert();
  if (project === undefined) return undefined;
  console.log("docs: writing the pages …");
  await app.generateDocs(project, OUTPUT);
  const { errorCount, warningCount } = app.logger;
  if (errorCount + warningCount === 0) return lost;
  console.log(`docs: TypeDoc found ${errorCount} errors and ${warningCount} warnings; see above`);
  return undefined;
}

process.exitCode = (await main()) ? 0 : 1;
