import type { RespValue } from "../protocol/resp.ts";
import { eachPair, emptyRecord, text } from "./decoders.ts";

/** A map with names known in advance: each with its value, undecoded. */
export function fieldsOf(reply: RespValue): Readonly<Record<string, RespValue>> {
  const fields = emptyRecord<RespValue>();
  eachPair(reply, (name, value) => {
    fields[text(name)] = value;
  });
  return fields;
}
