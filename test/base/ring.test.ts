import fc from "fast-check";
import { expect, test } from "vitest";
import { Ring } from "../../src/base/ring.ts";

const same = (ours: unknown, expected: unknown): void => expect(ours).toEqual(expected);

test("a ring behaves as an array that is pushed and shifted", () => {
  const steps = fc.array(fc.constantFrom("push", "push", "push", "shift", "shift", "drain"), {
    maxLength: 400,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const ring = new Ring<number>();
      let model: number[] = [];
      for (const [n, step] of all.entries()) {
        if (step === "push") {
          ring.push(n);
          model.push(n);
        } else if (step === "shift") {
          same(ring.shift(), model.shift());
        } else if (n % 10 === 0) {
          same(ring.drain(), model);
          model = [];
        }
        expect(ring.size).toBe(model.length);
        expect(ring.peek()).toBe(model[0]);
      }
      expect([...ring]).toEqual(model);
    }),
  );
});

test("a ring that has grown large works on after it ran empty", () => {
  const ring = new Ring<number>();
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 20_000; n += 1) ring.push(n);
    for (let n = 0; n < 20_000; n += 1) expect(ring.shift()).toBe(n);
    expect(ring.shift()).toBeUndefined();
    expect(ring.size).toBe(0);
  }
});
