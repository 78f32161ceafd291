import { ConnectError } from "../errors.ts";
import type { Endpoint } from "./endpoint.ts";

/** Why no stream could be opened, and what to do about it. */
export function connectError(endpoint: Endpoint, cause: Error): ConnectError {
  const details = { address: endpoint.address, cause };
  const code = "code" in cause ? String(cause.code) : "";
  if (endpoint.tls !== undefined && WRONG_OPTION.has(code)) {
    // Node shows the value, which may be a key: neither its text nor the error goes further.
    const [wrong] = cause.message.split(" Received ");
    const message = `Cannot connect to ${endpoint.address}: an option of tls is wrong: ${wrong}`;
    return new ConnectError(message, { address: endpoint.address });
  }
  const because = ADVICE[code] ?? cause.message;
  if (CERTIFICATE_CODES.has(code)) {
    const refused = `Cannot connect to ${endpoint.address}: its certificate was refused`;
    return new ConnectError(`${refused}: ${cause.message}. ${CERTIFICATE_ADVICE}`, details);
  }
  return new ConnectError(`Cannot connect to ${endpoint.address}: ${because}`, details);
}

const WRONG_OPTION: ReadonlySet<string> = new Set([
  "ERR_INVALID_ARG_TYPE",
  "ERR_INVALID_ARG_VALUE",
]);

const CERTIFICATE_CODES: ReadonlySet<string> = new Set(
  (
    "CERT_HAS_EXPIRED CERT_SIGNATURE_FAILURE CERT_UNTRUSTED DEPTH_ZERO_SELF_SIGNED_CERT " +
    "ERR_TLS_CERT_ALTNAME_INVALID SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT " +
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE"
  ).split(" "),
);
const CERTIFICATE_ADVICE =
  "Give the authority that signed it as tls: { ca }, and a name that is in it as host or " +
  "tls: { servername }";

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused; is the server running, and is this its port?",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up just now",
  ENOENT: "there is no such unix socket; is the server running with `unixsocket` set to this path?",
  EACCES: "access to the socket is denied",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ECONNRESET: "the server closed the connection; does it expect TLS (rediss://), or plain TCP?",
  EPROTO: "TLS failed; does the server expect plain TCP (redis://)?",
  ERR_SSL_WRONG_VERSION_NUMBER: "TLS failed; does the server expect plain TCP (redis://)?",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "TLS failed; does the server expect plain TCP (redis://)?",
};
