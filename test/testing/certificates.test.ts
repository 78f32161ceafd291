import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { makeCertificates } from "../../src/testing/certificates.ts";

test("server and client are signed by the authority and nobody else", () => {
  const { ca, cert, serverCert } = makeCertificates();
  const authority = new X509Certificate(ca);
  const stranger = new X509Certificate(makeCertificates().ca);
  expect(authority.ca).toBe(true);
  for (const pem of [cert, serverCert]) {
    const certificate = new X509Certificate(pem);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.verify(stranger.publicKey)).toBe(false);
  }
});

test("the server's certificate holds for localhost and 127.0.0.1, now", () => {
  const certificate = new X509Certificate(makeCertificates().serverCert);
  expect(certificate.checkHost("localhost")).toBe("localhost");
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(certificate.checkHost("example.org")).toBeUndefined();
  expect(new Date(certificate.validFrom).getTime()).toBeLessThan(Date.now());
  expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(Date.now());
});
