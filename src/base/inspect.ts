import { inspect } from "node:util";

/** Lets `console.log` and `util.inspect` show instances of a class by their `toString()`. */
export function inspectAsText(type: { readonly prototype: { toString(): string } }): void {
  Object.defineProperty(type.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(this: { toString(): string }): string {
      return this.toString();
    },
  });
}
