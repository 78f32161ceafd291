import { OptionsError } from "../errors.ts";

/** The options that a URL can give. */
export interface UrlParts {
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: true;
}

/** Stands for the host of a unix socket while its URL is parsed. */
const NO_HOST = "unix-socket";
const FORMS =
  "redis://[user:password@]host[:port][/db], rediss://… (TLS) or unix:///path/to.sock[?db=n]";

/**
 * Reads a connection URL. User and password are percent-decoded.
 *
 * @throws {OptionsError} saying what is wrong, without repeating the URL: it may hold a password
 */
export function parseUrl(url: string): UrlParts {
  const parsed = tryParse(url);
  switch (parsed.protocol) {
    case "redis:":
    case "valkey:":
      return fromTcp(parsed);
    case "rediss:":
    case "valkeys:":
      return { ...fromTcp(parsed), tls: true };
    case "unix:":
      return fromUnix(parsed);
    default:
      throw new OptionsError(
        url.startsWith(`${parsed.protocol}//`)
          ? `The URL's scheme ${parsed.protocol}// is not known; expected ${FORMS}`
          : `The URL has no scheme; expected ${FORMS}`,
      );
  }
}

function tryParse(url: string): URL {
  // A URL with credentials needs a host, which a unix socket has not.
  const hosted = url.startsWith("unix://") ? url.replace("@/", `@${NO_HOST}/`) : url;
  if (URL.canParse(hosted)) return checked(new URL(hosted));
  throw new OptionsError(
    `The URL cannot be read; expected ${FORMS}. Percent-encode special characters of a password ` +
      "with encodeURIComponent()",
  );
}

/** What follows `?` or `#` may be the rest of a password that was not encoded: it is not shown. */
function checked(url: URL): URL {
  const wrong = url.hash === "" ? [...url.searchParams.keys()].some((name) => name !== "db") : true;
  if (!wrong) return url;
  throw new OptionsError(
    `The URL has a fragment (#…), or a parameter other than db; expected ${FORMS}. ` +
      "Percent-encode special characters of a password with encodeURIComponent(), and pass other " +
      "settings as options",
  );
}

function fromTcp(url: URL): UrlParts {
  if (url.hostname === "") throw new OptionsError(`The URL names no host; expected ${FORMS}`);
  return {
    ...credentials(url),
    ...database([url.pathname.slice(1), ...url.searchParams.getAll("db")]),
    host: url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
  };
}

function fromUnix(url: URL): UrlParts {
  if ((url.hostname !== "" && url.hostname !== NO_HOST) || url.pathname.length < 2) {
    throw new OptionsError("The URL of a unix socket needs an absolute path: unix:///path/to.sock");
  }
  return {
    ...credentials(url),
    ...database(url.searchParams.getAll("db")),
    path: decode(url.pathname, "path"),
  };
}

function credentials(url: URL): UrlParts {
  return {
    ...(url.username === "" ? {} : { username: decode(url.username, "user name") }),
    ...(url.password === "" ? {} : { password: decode(url.password, "password") }),
  };
}

function database(places: readonly string[]): UrlParts {
  const [text, ...others] = places.filter((place) => place !== "");
  if (text === undefined) return {};
  if (others.length > 0 || !/^\d{1,10}$/.test(text)) {
    throw new OptionsError("The URL's database must be one whole number: redis://host:6379/0");
  }
  return { db: Number(text) };
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new OptionsError(`The URL's ${part} has a broken percent-encoding`);
  }
}
