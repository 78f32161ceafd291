/**
 * Looks at the generated site: whether everything has its place in it, and each link its target.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import * as typedis from "../../src/index.ts";
import * as testing from "../../src/testing/index.ts";

/** The pages by path below the site's folder, each with the anchors in it. */
type Anchors = ReadonlyMap<string, ReadonlySet<string>>;

/** What is missing, one sentence each. */
export function check(folder: string): string[] {
  const pages = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".html")) pages.set(name, readFileSync(join(folder, name), "utf8"));
  }
  const anchors = new Map([...pages].map(([name, text]) => [name, anchorsIn(text)]));
  return [...missingCommands(anchors), ...missingExports(anchors), ...deadLinks(pages, anchors)];
}

function anchorsIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id));
}

/** Every method of the client is an anchor of a command group's page. */
function* missingCommands(anchors: Anchors): Iterable<string> {
  const groups = [...anchors].filter(([name]) => /^\w+Commands\.html$/.test(name));
  const prototype = typedis.Commands.prototype as object;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name === "constructor") continue;
    const places = groups.filter(([, ids]) => ids.has(name.toLowerCase()) || ids.has(name));
    if (places.length !== 1) yield `the command ${name} is on ${places.length} pages`;
  }
}

function* missingExports(anchors: Anchors): Iterable<string> {
  const values = [...Object.keys(typedis), ...Object.keys(testing)];
  const named = ["src/index.ts", "src/testing/index.ts"].flatMap(exportsOf);
  for (const name of new Set([...values, ...named])) {
    // Names that differ in their case only get a number: `Script.html`, `script-1.html`.
    const hasPage = anchors.has(`${name}.html`) || anchors.has(`${name}-1.html`);
    if (!hasPage) yield `the export ${name} has no page`;
  }
}

/** The names in the lists of a module's exports, types included. */
function exportsOf(path: string): string[] {
  const lists = readFileSync(path, "utf8").matchAll(/^export (?:type )?\{([^}]*)\}/gm);
  const names = [...lists].flatMap(([, list = ""]) => list.split(","));
  return names.map((name) => name.trim().replace(/^type /, "")).filter((name) => name !== "");
}

function* deadLinks(pages: ReadonlyMap<string, string>, anchors: Anchors): Iterable<string> {
  for (const [page, text] of pages) {
    for (const [, href = ""] of text.matchAll(/<a [^>]*href="([^"]*)"/g)) {
      if (/^(https?|mailto):/.test(href)) continue;
      const [path = "", anchor = ""] = href.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      const ids = anchors.get(relative(".", target));
      const isAlive = ids !== undefined && (anchor === "" || ids.has(decodeURIComponent(anchor)));
      if (!isAlive) yield `${page} links to ${href}, which is not there`;
    }
  }
}
