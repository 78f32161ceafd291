/** What can go wrong between a client and a server, as data. */

/** The way bytes go. */
export type Direction = "toServer" | "toClient";

/**
 * A place in the conversation. It is counted per connection, from the moment the faults were set or
 * the connection was made, whichever is later. Commands and replies cannot be counted within TLS.
 *
 * | place                                   | is                                       |
 * | --------------------------------------- | ---------------------------------------- |
 * | `{ reply: 1 }`                          | right before the next reply              |
 * | `{ reply: 1, of: "EXEC", bytes: 3 }`    | in EXEC's next reply, after three bytes  |
 * | `{ command: 2, bytes: "all" }`          | right behind the second command          |
 * | `{ bytes: 100, direction: "toServer" }` | after 100 bytes to the server            |
 */
export type Place = PlaceInCommand | PlaceInReply | PlaceInBytes;

/** A {@link Place} at a command on its way to the server. */
export interface PlaceInCommand {
  /** Which one, from 1. */
  readonly command: number;
  /** Count commands of this name only, such as `"INCR"`; in upper or lower case. */
  readonly of?: string | undefined;
  /**
   * How many bytes of it go on first: 0, the default, is right before it, `"all"` right behind it.
   * A shorter one has its end there.
   */
  readonly bytes?: number | "all" | undefined;
}

/** A {@link Place} at a reply on its way to the client. Pushes of RESP3 are no replies. */
export interface PlaceInReply {
  /** Which one, from 1. */
  readonly reply: number;
  /**
   * Count replies to commands of this name only, such as `"INCR"`; in upper or lower case. In MULTI
   * a command's own reply is `QUEUED`. A connection that has subscribed in RESP2 cannot be counted.
   */
  readonly of?: string | undefined;
  /**
   * How many bytes of it go on first: 0, the default, is right before it (the server has executed
   * the command), `"all"` right behind it. A shorter one has its end there.
   */
  readonly bytes?: number | "all" | undefined;
}

/** A {@link Place} between any two bytes, for conversations that are no RESP, or in TLS. */
export interface PlaceInBytes {
  /** How many bytes go on first, from 0. */
  readonly bytes: number;
  readonly direction: Direction;
}

/** What every fault has that happens at a {@link Place}. */
export interface FaultAtPlace {
  /** Where it happens; on each connection at most once. */
  readonly at: Place;
  /** On how many connections it happens, counted over all. Default: 1. `Infinity`: on each. */
  readonly times?: number | undefined;
}

/** Bytes come late. What is sent meanwhile is on its way, too, and nothing overtakes. */
export interface LatencyFault {
  readonly kind: "latency";
  /** By how many milliseconds. */
  readonly ms: number;
  /** And by up to so many more, as the proxy's seed says. Default: 0. */
  readonly jitter?: number | undefined;
  /** Default: both. */
  readonly direction?: Direction | undefined;
}

/** No more than so many bytes in a second. Who sends more feels it. */
export interface BandwidthFault {
  readonly kind: "bandwidth";
  readonly bytesPerSecond: number;
  /** Default: both, each with a line of its own. */
  readonly direction?: Direction | undefined;
}

/** Bytes come in packets of given sizes, so that whoever reads gets them one by one. */
export interface SplitFault {
  readonly kind: "split";
  /** Over and over: `[1, 5]` is a byte, five bytes, a byte, five bytes … */
  readonly sizes: readonly number[];
  /** Milliseconds from one packet to the next. Default: 1. */
  readonly ms?: number | undefined;
  /** Default: both. */
  readonly direction?: Direction | undefined;
}

/** Bytes come one by one. */
export interface DripFault {
  readonly kind: "drip";
  /** Milliseconds from one byte to the next. Default: 1. */
  readonly ms?: number | undefined;
  /** Default: both. */
  readonly direction?: Direction | undefined;
}

/** The connection stands still: nothing is lost, nothing goes on, its end neither. */
export interface FreezeFault {
  readonly kind: "freeze";
  /** Where it begins. Default: at once, on every connection. */
  readonly at?: Place | undefined;
  /** On how many connections it happens at that place, counted over all. Default: 1. */
  readonly times?: number | undefined;
  /** For so many milliseconds. Default: until the proxy's or the connection's `release()`. */
  readonly ms?: number | undefined;
  /** Default: both. */
  readonly direction?: Direction | undefined;
}

/**
 * What is sent vanishes, and an end of the connection, too; nobody is told. In one direction only
 * it is a half-open connection.
 */
export interface BlackHoleFault {
  readonly kind: "blackHole";
  /** Where it begins. Default: at once, on every connection. */
  readonly at?: Place | undefined;
  /** On how many connections it happens at that place, counted over all. Default: 1. */
  readonly times?: number | undefined;
  /** Default: both. */
  readonly direction?: Direction | undefined;
}

/** The connection ends on both sides. What came before the place has arrived. */
export interface CutFault extends FaultAtPlace {
  readonly kind: "cut";
  /** With a reset (RST), as a crash does, instead of an orderly end (FIN). Default: `false`. */
  readonly reset?: boolean | undefined;
}

/** Bytes appear that nobody sent. */
export interface InsertFault extends FaultAtPlace {
  readonly kind: "insert";
  /** A string is sent as UTF-8. */
  readonly bytes: string | Uint8Array;
}

/** Bytes arrive as others, as the proxy's seed says. */
export interface CorruptFault extends FaultAtPlace {
  readonly kind: "corrupt";
  /** How many bytes from the place on. Default: 1. */
  readonly length?: number | undefined;
}

/**
 * What a proxy does to conversations. The order in a list does not matter: places are places in
 * what was sent; what is cut, inserted or corrupt is so first, and slowed down then.
 */
export type Fault =
  | LatencyFault
  | BandwidthFault
  | SplitFault
  | DripFault
  | FreezeFault
  | BlackHoleFault
  | CutFault
  | InsertFault
  | CorruptFault;

/** A fault whose place must be found. @internal */
export type PlacedFault = (CutFault | InsertFault | CorruptFault | FreezeFault | BlackHoleFault) &
  FaultAtPlace;
