/** What the server is told in `CLIENT SETINFO`. A test compares the version with package.json. */
export const LIBRARY_NAME = "typedis";
export const LIBRARY_VERSION = "0.1.0";
