/** One reply of every kind, with its value in TEXT form. */
import { ErrorReply, type RespValue } from "../../src/protocol/resp.ts";
import type { RecordedPush } from "./recorder.ts";

type Example = readonly [
  name: string,
  bytes: string,
  values: readonly (RespValue | RecordedPush)[],
];

const long = "0123456789abcdef".repeat(20);

/** Strings are Latin-1 bytes. */
export const CATALOGUE: readonly Example[] = [
  ["OK", "+OK\r\n", ["OK"]],
  ["QUEUED", "+QUEUED\r\n", ["QUEUED"]],
  ["an empty simple string", "+\r\n", [""]],
  ["a simple string in UTF-8", "+h\xc3\xa9\r\n", ["hé"]],
  ["an error", "-WRONGTYPE bad\r\n", [new ErrorReply("WRONGTYPE bad")]],
  ["small integers", ":0\r\n:-1\r\n:+7\r\n:1000\r\n", [0, -1, 7, 1000]],
  ["integers of nine and ten digits", ":123456789\r\n:1234567890\r\n", [123456789, 1234567890]],
  ["a bulk string", "$5\r\nhello\r\n", ["hello"]],
  ["an empty bulk string", "$0\r\n\r\n", [""]],
  ["a bulk string with CRLF", "$4\r\n\r\n\r\n\r\n", ["\r\n\r\n"]],
  ["a bulk string that looks like a reply", "$5\r\n+OK\r\n\r\n", ["+OK\r\n"]],
  ["a long bulk string", `$${long.length}\r\n${long}\r\n`, [long]],
  ["a bulk string in UTF-8", "$6\r\n\xe2\x82\xac\xc3\xa9!\r\n", ["€é!"]],
  ["the nulls", "$-1\r\n*-1\r\n_\r\n", [null, null, null]],
  ["booleans", "#t\r\n#f\r\n", [true, false]],
  ["doubles", ",1.5\r\n,-.5\r\n,1e3\r\n,10\r\n,2.E-2\r\n", [1.5, -0.5, 1000, 10, 0.02]],
  ["special doubles", ",inf\r\n,-inf\r\n,nan\r\n", [Infinity, -Infinity, NaN]],
  [
    "big numbers",
    "(12\r\n(-3492890328409238509324850943850943825024385\r\n",
    [12n, -3492890328409238509324850943850943825024385n],
  ],
  ["a blob error", "!9\r\nERR a\r\nb \r\n", [new ErrorReply("ERR a\r\nb ")]],
  ["a verbatim string", "=8\r\ntxt:some\r\n=4\r\nmkd:\r\n", ["some", ""]],
  ["empty aggregates", "*0\r\n%0\r\n~0\r\n", [[], [], []]],
  ["an array", "*3\r\n:1\r\n$1\r\na\r\n*2\r\n+b\r\n_\r\n", [[1, "a", ["b", null]]]],
  ["empty arrays in arrays", "*2\r\n*0\r\n*1\r\n*0\r\n", [[[], [[]]]]],
  ["an error in an array", "*1\r\n-ERR x\r\n", [[new ErrorReply("ERR x")]]],
  ["a map", "%2\r\n+a\r\n:1\r\n*1\r\n+k\r\n%0\r\n", [["a", 1, ["k"], []]]],
  ["a set", "~2\r\n+a\r\n#t\r\n", [["a", true]]],
  ["a push", ">2\r\n+message\r\n$2\r\nhi\r\n", [{ push: ["message", "hi"] }]],
  ["an empty push", ">0\r\n", [{ push: [] }]],
  [
    "pushes between replies",
    ">1\r\n+a\r\n+OK\r\n>1\r\n*1\r\n+b\r\n:1\r\n",
    [{ push: ["a"] }, "OK", { push: [["b"]] }, 1],
  ],
  ["an attribute", "|1\r\n+ttl\r\n:3\r\n$1\r\nv\r\n", ["v"]],
  ["an empty attribute", "|0\r\n$1\r\nv\r\n", ["v"]],
  ["attributes of attributes", "|1\r\n|1\r\n+a\r\n+b\r\n+c\r\n|0\r\n%1\r\n+d\r\n+e\r\n:9\r\n", [9]],
  ["an attribute before an item", "*2\r\n|1\r\n+a\r\n*1\r\n:1\r\n:2\r\n:3\r\n", [[2, 3]]],
  ["an attribute before a push", "|1\r\n+a\r\n+b\r\n>1\r\n+c\r\n", [{ push: ["c"] }]],
  ["a streamed string", "$?\r\n;4\r\nHell\r\n;6\r\no\r\nwor\r\n;0\r\n", ["Hello\r\nwor"]],
  ["an empty streamed string", "$?\r\n;0\r\n", [""]],
  ["a streamed array", "*?\r\n:1\r\n*?\r\n.\r\n:2\r\n.\r\n", [[1, [], 2]]],
  ["a streamed set", "~?\r\n+a\r\n.\r\n", [["a"]]],
  ["a streamed map", "%?\r\n+a\r\n$?\r\n;1\r\nb\r\n;0\r\n.\r\n", [["a", "b"]]],
];
