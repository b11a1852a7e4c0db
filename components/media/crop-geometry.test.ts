import { assert, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { moved, resized, shaped } from "./crop-geometry.ts";

const bounds = { width: 400, height: 300 };
const part = { left: 100, top: 100, width: 200, height: 100 };

describe("a part of a picture", () => {
  it("moves as far as the edge", () => {
    expect(moved(part, { x: 10, y: -10 }, bounds)).toEqual({ ...part, left: 110, top: 90 });
    expect(moved(part, { x: 9000, y: 9000 }, bounds)).toEqual({ ...part, left: 200, top: 200 });
    expect(moved(part, { x: -9000, y: -9000 }, bounds)).toEqual({ ...part, left: 0, top: 0 });
  });

  it("grows as far as the edge and never vanishes", () => {
    expect(resized(part, { width: 250, height: 120 }, bounds, null)).toMatchObject({ width: 250, height: 120 });
    expect(resized(part, { width: 9000, height: 9000 }, bounds, null)).toMatchObject({ width: 300, height: 200 });
    expect(resized(part, { width: -5, height: 0 }, bounds, null)).toMatchObject({ width: 8, height: 8 });
  });

  it("keeps its shape", () => {
    expect(resized(part, { width: 150, height: 1 }, bounds, 1)).toMatchObject({ width: 150, height: 150 });
    expect(resized(part, { width: 9000, height: 1 }, bounds, 1)).toMatchObject({ width: 200, height: 200 });
    expect(shaped(part, 1, bounds)).toEqual({ left: 50, top: 0, width: 300, height: 300 });
    expect(shaped(part, null, bounds)).toBe(part);
  });

  it("is inside of the picture, whatever is done", () => {
    const size = integer({ min: 1, max: 3000 });
    const any = integer({ min: -4000, max: 4000 });
    assert(
      property(record({ w: size, h: size, x: any, y: any, a: any, b: any }), ({ w, h, x, y, a, b }) => {
        const whole = { width: w, height: h };
        for (const ratio of [null, 1, 3, 0.5]) {
          let now = shaped({ left: 0, top: 0, ...whole }, ratio, whole);
          now = moved(
            resized(moved(now, { x, y }, whole), { width: a, height: b }, whole, ratio),
            { x: y, y: x },
            whole,
          );
          expect(now.left).toBeGreaterThanOrEqual(0);
          expect(now.top).toBeGreaterThanOrEqual(0);
          expect(Math.min(now.width, now.height)).toBeGreaterThanOrEqual(1);
          expect(now.left + now.width).toBeLessThanOrEqual(w);
          expect(now.top + now.height).toBeLessThanOrEqual(h);
        }
      }),
      { examples: [[{ w: 1, h: 1, x: 0, y: 0, a: 0, b: 0 }]], numRuns: 1000 },
    );
  });
});
