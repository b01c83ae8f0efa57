// What may happen next in an explored world: each a number, made of its kind and what it is about. An action means the same in every
// state in which it may happen, so a way through the states is a list of these numbers.

/** The kinds, in the order in which they are tried. What moves a world on comes first, then what breaks it. */
export const actionKinds = {
  /** About a session: it asks for its next request. */
  request: 0,
  /** About a message. */
  deliver: 1,
  /** About a cloudlet: its disk has everything that it was given. */
  store: 2,
  /** About a cloudlet and a timer (`firing`). */
  fire: 3,
  /** About a way between two cloudlets: it opens. */
  heal: 4,
  /** About a cloudlet and a plan (`adoption`): it is told to go over. */
  adopt: 5,
  /** About a message. */
  lose: 6,
  duplicate: 7,
  /** About a cloudlet: its process dies, and another one begins. */
  crash: 8,
  /** About a way: it closes, and what is on it is lost. */
  cut: 9,
} as const;

/** At most so many cloudlets, and so many ways between them: they are bits of one number. */
export const cloudletsMax = 30;
export const waysMax = 30;

/** An action's number. */
export function actionOf(kind: number, about: number): number {
  return about * 16 + kind;
}

/** What kind of action it is. */
export function kindOf(action: number): number {
  return action & 15;
}

/** What it is about. */
export function aboutOf(action: number): number {
  return action >>> 4;
}

/** A cloudlet and a small number in one. */
export function pairOf(cloudlet: number, small: number): number {
  return small * 32 + cloudlet;
}

/** The cloudlet of a pair. */
export function cloudletOf(pair: number): number {
  return pair & 31;
}

/** The small number of a pair. */
export function smallOf(pair: number): number {
  return pair >>> 5;
}
