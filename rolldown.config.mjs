/**
 * One file for each entry of the package, and one for what they share: a program that imports
 * typedis would else read more than a hundred. The declarations are tsc's, file by file.
 */
export default {
  input: { index: "src/index.ts", "testing/index": "src/testing/index.ts" },
  platform: "node",
  output: {
    dir: "dist",
    format: "esm",
    sourcemap: true,
    chunkFileNames: "shared-[hash].js",
  },
};
