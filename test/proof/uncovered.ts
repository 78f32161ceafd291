/** Why commands have no method. Containers, and `HELP` of each, are below. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  "changes the state of its connection: for a session, not for a connection that others share": [
    "ASKING",
    "AUTH",
    "CLIENT CACHING",
    "CLIENT CAPA",
    "CLIENT IMPORT-SOURCE",
    "CLIENT NO-EVICT",
    "CLIENT NO-TOUCH",
    "CLIENT REPLY",
    "CLIENT SETINFO",
    "CLIENT SETNAME",
    "CLIENT TRACKING",
    "HELLO",
    "QUIT",
    "READONLY",
    "READWRITE",
    "RESET",
    "SELECT",
  ],
  "the library sends it around a transaction or a watch block": [
    "DISCARD",
    "EXEC",
    "MULTI",
    "UNWATCH",
    "WATCH",
  ],
  "makes a connection that receives: for a subscriber or a monitor": [
    "MONITOR",
    "PSUBSCRIBE",
    "PUNSUBSCRIBE",
    "SSUBSCRIBE",
    "SUBSCRIBE",
    "SUNSUBSCRIBE",
    "UNSUBSCRIBE",
  ],
  "servers send it to each other, or to themselves": [
    "CLUSTER SYNCSLOTS",
    "PSYNC",
    "REPLCONF",
    "RESTORE-ASKING",
    "SYNC",
    "TRIMSLOTS",
    "XIDMPRECORD",
  ],
  "for those who work on the server itself": ["DEBUG", "PFDEBUG", "PFSELFTEST", "SCRIPT DEBUG"],
};

const REASON_OF = new Map(
  Object.entries(REASONS).flatMap(([reason, names]) => names.map((name) => [name, reason])),
);

/** The commands that have a reason of their own. */
export const namesWithReason: readonly string[] = [...REASON_OF.keys()];

/** Why a command has no method; `undefined` if it should have one. */
export function reasonFor(name: string, isContainer: boolean): string | undefined {
  if (isContainer) return "a container: its commands are meant";
  if (name.endsWith(" HELP")) return "a text for people: redis.call(…)";
  return REASON_OF.get(name);
}
