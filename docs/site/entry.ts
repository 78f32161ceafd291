/**
 * What the reference documents: everything that the package's two entries export.
 *
 * @module
 * @mergeModuleWith <project>
 */
export * from "../../src/index.ts";
export * from "../../src/testing/index.ts";
