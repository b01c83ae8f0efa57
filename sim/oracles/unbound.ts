// The method of a listener, to be called by itself. Those of plain objects need no object: they are closures over what they know, and
// a call through `bind` would take longer than many of them. Instances of classes are bound.

/** A listener's method as a function of its own. Methods written in an object literal must not use `this`. */
export function unbound<F extends (...happened: never[]) => unknown>(listener: object, method: F): F {
  return Object.getPrototypeOf(listener) === Object.prototype ? method : (method.bind(listener) as F);
}
