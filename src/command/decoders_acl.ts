import type { RespValue } from "../protocol/resp.ts";
import type { Decoder } from "./command.ts";
import { array, double, integer, list, text, textOrNull } from "./decoders.ts";
import { type ClientInfo, clientInfo } from "./decoders_client.ts";
import { fieldsOf } from "./decoders_fields.ts";

/** What one set of rules allows, in the notation of rules. */
export interface AclSelector {
  /** Which commands: `"-@all +get"`. */
  readonly commands: string;
  /** Which keys: `"~user:* %R~public:*"`; empty for none. */
  readonly keys: string;
  /** Which channels: `"&news:*"`; empty for none. */
  readonly channels: string;
  /** Which databases: `"alldbs"`; `null` from a server without such rules. @since Valkey 9.1.0 */
  readonly databases: string | null;
}

/** A user of the server. */
export interface AclUser extends AclSelector {
  /** `"on"` or `"off"`, and what holds besides: `"nopass"`, `"sanitize-payload"` … */
  readonly flags: Set<string>;
  /** SHA-256 digests of the passwords, in hexadecimal. */
  readonly passwords: string[];
  /** Further sets of rules: what any of them allows is allowed. @since 7.0.0 */
  readonly selectors: AclSelector[];
}

export function aclUserOrNull(reply: RespValue): AclUser | null {
  if (reply === null) return null;
  const fields = fieldsOf(reply);
  return {
    flags: new Set(array(fields["flags"] ?? []).map(text)),
    passwords: array(fields["passwords"] ?? []).map(text),
    ...selector(reply),
    selectors: array(fields["selectors"] ?? []).map(selector),
  };
}

function selector(reply: RespValue): AclSelector {
  const fields = fieldsOf(reply);
  return {
    commands: text(fields["commands"] ?? ""),
    keys: text(fields["keys"] ?? ""),
    channels: text(fields["channels"] ?? ""),
    databases: textOrNull(fields["databases"] ?? null),
  };
}

/** Whether a user may run a command. */
export interface AclVerdict {
  readonly isAllowed: boolean;
  /** Why not, in the server's words; `null` if it is allowed. */
  readonly reason: string | null;
}

export function aclVerdict(reply: RespValue): AclVerdict {
  const answer = text(reply);
  return answer === "OK" ? { isAllowed: true, reason: null } : { isAllowed: false, reason: answer };
}

/** Something that a user was not allowed. */
export interface AclLogEntry {
  /** How often it happened, within a short time. */
  readonly count: number;
  /** What was missing: `"command"`, `"key"`, `"channel"`, `"auth"`, `"database"` … */
  readonly reason: string;
  /** Where it happened: `"toplevel"`, `"multi"`, `"lua"`, `"module"` … */
  readonly context: string;
  /** What was not allowed: the name of a command, key or channel. */
  readonly object: string;
  /** The user. */
  readonly username: string;
  /** Seconds since it happened last. */
  readonly ageInSeconds: number;
  /** The connection it came from, when it happened. */
  readonly client: ClientInfo;
  /** The number of the entry; `null` from older servers. @since 7.2.0 */
  readonly entryId: number | null;
  /** When it happened first: Unix time in milliseconds, or `null`. @since 7.2.0 */
  readonly createdAtMilliseconds: number | null;
  /** When it happened last: Unix time in milliseconds, or `null`. @since 7.2.0 */
  readonly updatedAtMilliseconds: number | null;
}

export const aclLogEntries: Decoder<AclLogEntry[]> = list((reply) => {
  const fields = fieldsOf(reply);
  const field = (name: string): RespValue => fields[name] ?? null;
  const number = (name: string): number | null => (name in fields ? integer(field(name)) : null);
  return {
    count: integer(field("count")),
    reason: text(field("reason")),
    context: text(field("context")),
    object: text(field("object")),
    username: text(field("username")),
    ageInSeconds: double(field("age-seconds")),
    client: clientInfo(field("client-info")),
    entryId: number("entry-id"),
    createdAtMilliseconds: number("timestamp-created"),
    updatedAtMilliseconds: number("timestamp-last-updated"),
  };
});
