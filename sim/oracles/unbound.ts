// The method of a listener, to be called by itself. Those of plain objects need no object: they are closures over what they know, and
// a call through `bind` would take longer than many of them. Instances of classes are bound.

/** A listener's method, which it has, as a function of its own. Methods written in an object literal must not use `this`. */
export function unbound<L extends object, K extends keyof L>(listener: L, name: K): NonNullable<L[K]> {
  const method = listener[name] as (...happened: never[]) => unknown;
  const isPlain = Object.getPrototypeOf(listener) === Object.prototype;
  return (isPlain ? method : method.bind(listener)) as NonNullable<L[K]>;
}
