import { expect, test } from "vitest";
import { LaneTraffic } from "./lane-traffic.ts";

const slots = Array.from({ length: 10 }, () => ({}));

/** Sends `count` messages of a lane, each of which takes a connection so long. */
function run(traffic: LaneTraffic, lane: string, seconds: number, count = 20): void {
  for (let i = 0; i < count; i++) {
    const slot = slots[i % slots.length] as object;
    traffic.queue(lane);
    traffic.begin(lane, slot);
    traffic.end(lane, slot, seconds);
  }
}

/** Puts one message of a lane on as many connections as it may have. */
function occupy(traffic: LaneTraffic, lane: string): number {
  let taken = 0;
  for (const slot of slots) {
    if (!traffic.mayUse(lane, slot, slots.length)) continue;
    traffic.queue(lane);
    traffic.begin(lane, slot);
    taken++;
  }
  return taken;
}

test("while all answer alike nobody is held back", () => {
  const traffic = new LaneTraffic();
  run(traffic, "a.example", 0.02);
  run(traffic, "b.example", 0.03);
  expect(traffic.calm).toBe(true);
  expect(traffic.room("a.example", 10)).toBe(Number.POSITIVE_INFINITY);
  expect(occupy(traffic, "a.example")).toBe(10);
});

test("a relay that is slow for everybody is used with all connections", () => {
  const traffic = new LaneTraffic();
  run(traffic, "a.example", 2);
  run(traffic, "b.example", 3);
  expect(traffic.calm).toBe(true);
  expect(occupy(traffic, "b.example")).toBe(10);
});

test("a receiver that takes seconds beside quick ones has half of the connections, and a short queue", () => {
  const traffic = new LaneTraffic();
  run(traffic, "quick.example", 0.01);
  run(traffic, "tarpit.example", 3);
  expect(traffic.calm).toBe(false);
  expect(occupy(traffic, "tarpit.example")).toBe(5);
  expect(occupy(traffic, "quick.example")).toBe(10);
  expect(traffic.room("tarpit.example", 10)).toBe(10);
  for (let i = 0; i < 10; i++) traffic.queue("tarpit.example");
  expect(traffic.room("tarpit.example", 10)).toBe(0);
  expect(traffic.room("quick.example", 10)).toBe(Number.POSITIVE_INFINITY);
});

test("a second message of a held lane may use a connection that the lane has already", () => {
  const traffic = new LaneTraffic();
  run(traffic, "quick.example", 0.01);
  run(traffic, "tarpit.example", 3);
  occupy(traffic, "tarpit.example");
  expect(traffic.mayUse("tarpit.example", slots[0] as object, 10)).toBe(true);
  expect(traffic.mayUse("tarpit.example", slots[9] as object, 10)).toBe(false);
});

test("one that has become quick again is held back no more", () => {
  const traffic = new LaneTraffic();
  run(traffic, "quick.example", 0.01);
  run(traffic, "tarpit.example", 3);
  run(traffic, "tarpit.example", 0.01, 60);
  expect(traffic.calm).toBe(true);
});

test("a person's cap holds, until it is taken away", () => {
  const traffic = new LaneTraffic();
  traffic.setCaps(new Map([["a.example", 2]]));
  expect(occupy(traffic, "a.example")).toBe(2);
  for (const slot of slots.slice(0, 2)) traffic.end("a.example", slot, 0.01);
  traffic.setCaps(new Map([["a.example", 0]]));
  expect(occupy(traffic, "a.example")).toBe(0);
  traffic.setCaps(new Map());
  expect(traffic.calm).toBe(true);
  expect(occupy(traffic, "a.example")).toBe(10);
});

test("millions of domains are not remembered", () => {
  const traffic = new LaneTraffic();
  for (let i = 0; i < 20_000; i++) run(traffic, `d${i}.example`, 0.01, 1);
  expect(traffic.size).toBeLessThanOrEqual(5001);
});
