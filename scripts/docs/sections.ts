/**
 * Which section of the reference a thing is in: what its source file says.
 */

/** The pages of the guide below `docs/guide`, in the order of the navigation. */
export const GUIDE: readonly string[] = [
  "getting_started",
  "connecting",
  "pipelines",
  "bulk_work",
  "converting_values",
  "scripts",
  "errors",
  "sessions_and_scans",
  "testing",
];

/** The sections in the order of the navigation, each with the files below `src` that make it up. */
const SECTIONS: readonly (readonly [title: string, files: RegExp])[] = [
  ["Client", /^client\/|^connection\/|^base\/|^command\/(reply|repeat)\.ts|^commands\/index\.ts/],
  ["Strings", named("conditional_strings|strings|lcs")],
  ["Hashes", named("hashes|hash_expiry")],
  ["Lists", named("lists|blocking_lists")],
  ["Sets", named("sets")],
  ["Sorted sets", named("sorted_set\\w*")],
  ["Streams", named("streams?|stream_\\w+")],
  ["Keys", named("keys|expiry|sorting|transfer|scan")],
  ["Scripts and functions", named("scripting|functions|scripts|script|library")],
  ["Bitmaps", named("bitmaps")],
  ["HyperLogLog", named("hyperloglog")],
  ["Geo indexes", named("geo\\w*")],
  ["Vector sets", named("vectors")],
  ["Publishing", named("pubsub")],
  ["Connections", named("connection|client")],
  [
    "Server",
    named("server|introspection|command|diagnostics|command_log|hotkeys|replication|module_admin"),
  ],
  ["Access control", named("acl")],
  ["Cluster", named("cluster\\w*|slot_migration")],
  ["Any other command", named("raw")],
  ["Converters", /^command\/(convert|standard_schema|decoders)\.ts/],
  ["Arguments and replies", /^command\/(arguments|command|executor)\.ts|^protocol\//],
  ["Errors", /^errors\.ts/],
  ["typedis/testing", /^testing\//],
];

/** The files of a command group: its class, its arguments and its decoders. */
function named(names: string): RegExp {
  return new RegExp(`^(commands/|command/arguments_|command/decoders_|command/)(${names})\\.ts$`);
}

/** The titles, in the order of the navigation. */
export const SECTION_TITLES: readonly string[] = SECTIONS.map(([title]) => title);

/**
 * The section of what a file declares; `undefined` if nobody has said where its things belong.
 *
 * @param file below `src`, such as `"commands/strings.ts"`
 */
export function sectionOf(file: string): string | undefined {
  return SECTIONS.find(([, files]) => files.test(file))?.[0];
}
