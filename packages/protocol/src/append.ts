/** Adds all of `more`: as arguments of one `push`, a long list from outside would not fit on the stack. */
export function append<Value>(list: Value[], more: readonly Value[]): void {
  for (const value of more) list.push(value);
}
