import { expect, test } from "vitest";
import { rateMeter } from "./sending-rate.ts";

const look = (...sent: Array<[string, number]>) => sent.map(([id, n]) => ({ id, counts: { sent: n } }));

test("one look is no rate, and from the second on it is the difference between them", () => {
  const measure = rateMeter();
  expect(measure(0, look(["a", 1_000_000]))).toBeNull();
  expect(measure(1000, look(["a", 1_000_500]))).toEqual({ perSecond: 500, byCampaign: { a: 500 } });
});

test("the rate is that of the last five seconds, not of all that was seen", () => {
  const measure = rateMeter();
  for (let second = 0; second <= 60; second++) measure(second * 1000, look(["a", second * 100]));
  let rate = null;
  for (let second = 61; second <= 66; second++) rate = measure(second * 1000, look(["a", 6000]));
  expect(rate).toEqual({ perSecond: 0, byCampaign: { a: 0 } });
});

test("a campaign that turns up with mails sent is no burst, one that goes away no loss", () => {
  const measure = rateMeter();
  measure(0, look(["a", 10], ["b", 10]));
  expect(measure(1000, look(["a", 20], ["c", 900]))).toEqual({ perSecond: 10, byCampaign: { a: 10, c: 0 } });
  expect(measure(2000, look(["c", 950]))?.byCampaign.c).toBe(25);
});

test("two looks at the same moment are no rate, and a number that falls is none below nothing", () => {
  const measure = rateMeter();
  measure(5, look(["a", 10]));
  expect(measure(5, look(["a", 20]))).toBeNull();
  expect(measure(1005, look(["a", 3]))?.perSecond).toBe(0);
});
