/**
 * A certificate authority of its own for each test server, in a few lines of DER, so that TLS can
 * be tested without the `openssl` program. Keys are P-256; everything is valid for a day around
 * now.
 */

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** What a client needs to talk to a test server over TLS, as PEM texts. */
export interface TlsFiles {
  /** The certificate of the authority to trust. */
  readonly ca: string;
  /** The client's certificate. */
  readonly cert: string;
  /** The client's private key. */
  readonly key: string;
  /** The name in the server's certificate. Its address 127.0.0.1 is in it, too. */
  readonly serverName: string;
}

/** What a client needs, and what the server needs. */
export interface Certificates extends TlsFiles {
  readonly serverCert: string;
  readonly serverKey: string;
}

/** Makes an authority and certificates of a server and a client signed by it. */
export function makeCertificates(): Certificates {
  const serverName = "localhost";
  const authority = makeKeys("typedis test authority");
  const server = makeKeys(serverName);
  const client = makeKeys("typedis test client");
  const names = [tlv(0x82, ascii(serverName)), tlv(0x87, Buffer.from([127, 0, 0, 1]))];
  return {
    ca: certificate(authority, authority, [
      extension("2.5.29.19", sequence(boolean(true)), true), // it is an authority
      extension("2.5.29.15", tlv(0x03, Buffer.from([1, 0x06])), true), // its key signs certificates
    ]),
    serverCert: certificate(server, authority, [extension("2.5.29.17", sequence(...names))]),
    serverKey: privatePem(server),
    cert: certificate(client, authority, []),
    key: privatePem(client),
    serverName,
  };
}

/** Somebody with a name and keys. */
interface Party {
  readonly name: Buffer;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function makeKeys(commonName: string): Party {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const attribute = sequence(objectId("2.5.4.3"), tlv(0x0c, ascii(commonName)));
  return { name: sequence(tlv(0x31, attribute)), ...pair };
}

function privatePem({ privateKey }: Party): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** An X.509 v3 certificate (RFC 5280, 4.1) of `subject`, signed by `issuer`. */
function certificate(subject: Party, issuer: Party, extensions: readonly Buffer[]): string {
  const algorithm = sequence(objectId("1.2.840.10045.4.3.2")); // ecdsa-with-SHA256
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    issuer.name,
    sequence(time(-1), time(1)),
    subject.name,
    subject.publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(...extensions, ...keyIdentifiers(subject, issuer))),
  );
  const signature = sign("sha256", body, issuer.privateKey);
  const der = sequence(body, algorithm, tlv(0x03, Buffer.from([0]), signature));
  const lines = der.toString("base64").replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}

/** Strict verifiers ask for the identifiers of both keys. */
function keyIdentifiers(subject: Party, issuer: Party): Buffer[] {
  return [
    extension("2.5.29.14", tlv(0x04, identifier(subject))),
    extension("2.5.29.35", sequence(tlv(0x80, identifier(issuer)))),
  ];
}

function identifier({ publicKey }: Party): Buffer {
  const point = publicKey.export({ type: "spki", format: "der" }).subarray(-65);
  return createHash("sha1").update(point).digest();
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [boolean(true)] : [];
  return sequence(objectId(id), ...critical, tlv(0x04, value));
}

/** Now and some days, as `YYMMDDHHMMSSZ`. */
function time(days: number): Buffer {
  const iso = new Date(Date.now() + days * 86_400_000).toISOString();
  return tlv(0x17, ascii(`${iso.slice(2, 19).replace(/\D/g, "")}Z`));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function boolean(value: boolean): Buffer {
  return tlv(0x01, Buffer.from([value ? 0xff : 0]));
}

/** A positive integer whose first byte is below 128. */
function integer(bytes: Buffer): Buffer {
  return tlv(0x02, bytes);
}

function objectId(dotted: string): Buffer {
  const [a = 0, b = 0, ...rest] = dotted.split(".").map(Number);
  return tlv(0x06, Buffer.from([a * 40 + b, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

function ascii(text: string): Buffer {
  return Buffer.from(text, "ascii");
}

/** A tag, the length of its content, and the content. */
function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
