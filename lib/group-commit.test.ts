import { expect, test } from "vitest";
import { groupCommit } from "./group-commit.ts";

test("calls made together are committed together and each gets its own result", async () => {
  const groups: number[][] = [];
  const group = groupCommit(
    async (items: number[]) => {
      groups.push(items);
      return items.map((n) => n * 2);
    },
    { most: 100, waitMs: 5 },
  );
  expect(await Promise.all([1, 2, 3].map(group.add))).toEqual([2, 4, 6]);
  expect(groups).toEqual([[1, 2, 3]]);
});

test("a full group does not wait, and no group is heavier than the limit unless one item alone is", async () => {
  const groups: number[][] = [];
  const group = groupCommit(
    async (items: number[]) => {
      groups.push(items);
      return items;
    },
    { most: 10, weigh: (n) => n, waitMs: 60_000 },
  );
  await Promise.all([4, 5, 30, 6, 4, 1].map(group.add).concat([group.add(9)]));
  expect(groups).toEqual([[4, 5], [30], [6, 4], [1, 9]]);
});

test("a group that fails rejects its own calls and no others", async () => {
  const group = groupCommit(
    async (items: number[]) => {
      if (items.includes(13)) throw new Error("unlucky");
      return items;
    },
    { most: 2, waitMs: 1 },
  );
  const answers = await Promise.allSettled([13, 2, 3, 4].map(group.add));
  expect(answers.map((a) => a.status)).toEqual(["rejected", "rejected", "fulfilled", "fulfilled"]);
});

test("while one group commits the next gathers, and settled waits for both", async () => {
  const groups: number[][] = [];
  let release: () => void = () => {};
  const group = groupCommit(
    async (items: number[]) => {
      groups.push(items);
      if (groups.length === 1) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      return items;
    },
    { most: 100, waitMs: 0 },
  );
  const first = group.add(1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const rest = [2, 3, 4].map(group.add);
  release();
  await group.settled();
  expect(groups).toEqual([[1], [2, 3, 4]]);
  expect(await Promise.all([first, ...rest])).toEqual([1, 2, 3, 4]);
});

/** Its commits wait until they are let go. */
function heldCommits(limits: { most: number; enough: number }) {
  const groups: number[][] = [];
  const held: Array<() => void> = [];
  const group = groupCommit(
    async (items: number[]) => {
      groups.push(items);
      await new Promise<void>((resolve) => held.push(resolve));
      return items;
    },
    { ...limits, waitMs: 60_000 },
  );
  return { group, groups, letGo: () => held.shift()?.() };
}

test("where a number is enough, what gathers during a commit waits until it is that many", async () => {
  const { group, groups, letGo } = heldCommits({ most: 4, enough: 3 });
  const first = [1, 2, 3].map(group.add);
  const second = [4, 5].map(group.add);
  letGo();
  await Promise.all(first);
  expect(groups).toEqual([[1, 2, 3]]);
  second.push(group.add(6));
  expect(groups).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  letGo();
  expect(await Promise.all(second)).toEqual([4, 5, 6]);
});

test("what has gathered goes at once, or right after the commit under way, when somebody is in a hurry", async () => {
  const { group, groups, letGo } = heldCommits({ most: 100, enough: 100 });
  group.hurry();
  const first = group.add(1);
  group.hurry();
  expect(groups).toEqual([[1]]);
  const second = group.add(2);
  group.hurry();
  expect(groups).toEqual([[1]]);
  letGo();
  await first;
  await expect.poll(() => groups).toEqual([[1], [2]]);
  letGo();
  expect(await second).toBe(2);
});
