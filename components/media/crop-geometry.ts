export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Bounds {
  width: number;
  height: number;
}

/** The smallest part that can be cut out, in pixels each way. */
export const leastSide = 8;

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(Math.round(value), least), most);

/** Moves a part, within the picture. */
export function moved(part: Part, by: { x: number; y: number }, bounds: Bounds): Part {
  return {
    ...part,
    left: clamp(part.left + by.x, 0, bounds.width - part.width),
    top: clamp(part.top + by.y, 0, bounds.height - part.height),
  };
}

/** Gives a part another size from its upper left corner. With a ratio (width ÷ height) the width decides. */
export function resized(part: Part, size: Bounds, bounds: Bounds, ratio: number | null): Part {
  const least = { width: Math.min(leastSide, bounds.width), height: Math.min(leastSide, bounds.height) };
  const most = { width: bounds.width - part.left, height: bounds.height - part.top };
  if (ratio === null)
    return {
      ...part,
      width: clamp(size.width, Math.min(least.width, most.width), most.width),
      height: clamp(size.height, Math.min(least.height, most.height), most.height),
    };
  const widest = Math.max(1, Math.floor(Math.min(most.width, most.height * ratio)));
  const width = clamp(size.width, Math.min(least.width, widest), widest);
  return { ...part, width, height: clamp(width / ratio, 1, most.height) };
}

/** The largest part of a shape, around the middle of the present one. */
export function shaped(part: Part, ratio: number | null, bounds: Bounds): Part {
  if (ratio === null) return part;
  const width = Math.max(1, Math.round(Math.min(bounds.width, bounds.height * ratio)));
  const height = clamp(width / ratio, 1, bounds.height);
  const middle = { x: part.left + part.width / 2, y: part.top + part.height / 2 };
  return moved({ left: 0, top: 0, width, height }, { x: middle.x - width / 2, y: middle.y - height / 2 }, bounds);
}
