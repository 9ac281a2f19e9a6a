/** The name that is written nearly so: at most two letters differ. */
export function findNearest(name: string, names: readonly string[]): string | undefined {
  if (name.length < 3 || name.length > 40) return undefined;
  const near = names.map((each) => ({ each, distance: distanceOf(name.toLowerCase(), each) }));
  near.sort((a, b) => a.distance - b.distance);
  const [best] = near;
  return best !== undefined && best.distance <= (name.length < 5 ? 1 : 2) ? best.each : undefined;
}

/** How many letters have to be put in, taken out or changed. */
function distanceOf(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const changed = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      line.push(Math.min(changed, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above.at(-1) ?? 0;
}
