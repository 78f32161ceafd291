import { describe, expect, test } from "vitest";
import { clientInfo, clientInfos, trackingInfo } from "../../src/command/decoders_client.ts";
import { backgroundSave, infoFields, role } from "../../src/command/decoders_server.ts";
import { DecodeError } from "../../src/errors.ts";

/** Replies that a server on its own does not give, as real servers sent them. */
describe("ROLE", () => {
  test("of a primary names its replicas, whose numbers come as text", () => {
    const reply = ["master", 155, [["127.0.0.1", "6380", "141"]]];
    expect(role(reply)).toEqual({
      role: "master",
      offset: 155,
      replicas: [{ host: "127.0.0.1", port: 6380, offset: 141 }],
    });
  });

  test("of a replica names its primary", () => {
    expect(role(["slave", Buffer.from("127.0.0.1"), 6379, "connected", 14])).toEqual({
      role: "slave",
      host: "127.0.0.1",
      port: 6379,
      state: "connected",
      offset: 14,
    });
  });

  test("of a sentinel names the primaries it watches", () => {
    expect(role(["sentinel", ["main"]])).toEqual({ role: "sentinel", masters: ["main"] });
    expect(() => role(["king"])).toThrow(DecodeError);
  });
});

describe("CLIENT LIST", () => {
  test("keeps the spaces in the path of a socket", () => {
    const line = "id=3 addr=/var/my run/redis.sock:0 laddr=/var/my run/redis.sock:0 fd=8 name=\n";
    const info = clientInfo(line);
    expect(info).toMatchObject({ id: 3, addr: "/var/my run/redis.sock:0", fd: 8, name: "" });
    expect(info.fields["laddr"]).toBe("/var/my run/redis.sock:0");
  });

  test("gives NaN and nothing for what is left out", () => {
    const [info, second] = clientInfos("id=3 lib-name=x=y\nid=4\n");
    expect(info).toMatchObject({ id: 3, age: Number.NaN, user: "" });
    expect(info?.fields["lib-name"]).toBe("x=y");
    expect(second?.id).toBe(4);
  });
});

describe("CLIENT TRACKINGINFO", () => {
  test("names flags and prefixes", () => {
    const reply = ["flags", ["on", "bcast"], "redirect", 0, "prefixes", ["bar:", "foo:"]];
    expect(trackingInfo(reply)).toEqual({
      flags: new Set(["on", "bcast"]),
      redirect: 0,
      prefixes: ["bar:", "foo:"],
    });
  });
});

describe("INFO", () => {
  test("keeps every value of a name that comes again", () => {
    const reply = "# Modules\r\nmodule:name=a,ver=1\r\nmodule:name=b,ver=2\r\n\r\n# Keyspace\r\n";
    expect({ ...infoFields(reply) }).toEqual({ module: "name=a,ver=1\nname=b,ver=2" });
  });
});

describe("BGSAVE", () => {
  test("has begun, is scheduled, or is not understood", () => {
    expect(backgroundSave("Background saving started")).toBe("started");
    expect(backgroundSave("Background append only file rewriting scheduled")).toBe("scheduled");
    expect(() => backgroundSave("OK")).toThrow(DecodeError);
  });
});
