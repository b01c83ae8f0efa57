// A document of markup as a tree of plain data: what importers of XML are given. Leaves out how it is read (sim/importing/read-xml.ts).

import type { TextPlace } from "./outcome.ts";

/** An element, without the prefix of its name space. */
export interface XmlElement extends TextPlace {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Text right inside, all of it put together. */
  readonly text: string;
}

/** The elements of that name right below one. */
export function elementsNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
