// The methods of listeners, each to be called by itself. Those of plain objects need no object: they are closures over what they know, and
// a call through `bind` would take longer than many of them. Instances of classes are bound.

type Method = (...happened: never[]) => unknown;

/** By name. */
type Lists = Readonly<Record<string, Method[] | undefined>>;

/**
 * Adds each method of a listener to the list of its name, as a function of its own; those without a list are left out. Methods written in
 * an object literal must not use `this`.
 */
export function enlist(listener: object, lists: object): void {
  const methods = listener as Readonly<Record<string, unknown>>;
  if (Object.getPrototypeOf(listener) === Object.prototype) {
    // Nearly all listeners have a handful of many methods: only those are looked at.
    for (const name of Object.keys(methods)) {
      const method = methods[name];
      if (typeof method === "function") (lists as Lists)[name]?.push(method as Method);
    }
    return;
  }
  for (const [name, list] of Object.entries(lists as Lists)) {
    const method = methods[name];
    if (typeof method === "function") list?.push(method.bind(listener) as Method);
  }
}
