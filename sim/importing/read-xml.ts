// XML text as a tree of plain data with places (workloads/importing/xml.ts). Entities are those of XML itself: a document that declares
// others is refused, so nothing unfolds. Limits on depth and size keep what is hostile from taking the memory.
//
// Leaves out what the elements mean.

import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from "saxes";
import type { ImportProblem } from "../../workloads/importing/outcome.ts";
import type { XmlElement } from "../../workloads/importing/xml.ts";

/** The root of a document, or what is wrong with it. */
export type XmlOutcome =
  | { readonly kind: "root"; readonly root: XmlElement }
  | { readonly kind: "refused"; readonly problems: readonly ImportProblem[] };

const DEPTH_MAX = 100;
const ELEMENTS_MAX = 2_000_000;

class Refused extends Error {
  readonly problem: ImportProblem;

  constructor(problem: ImportProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

interface Open extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** Reads a document. */
export function readXml(text: string): XmlOutcome {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: Open[] = [];
  const found: XmlElement[] = [];
  let count = 0;
  // Where the tag that is being read began.
  let [line, column] = [1, 1];
  const refuse = (message: string): never => {
    throw new Refused({ line, column, message });
  };
  parser.on("opentagstart", () => {
    [line, column] = [parser.line, parser.column];
  });
  parser.on("opentag", (tag: SaxesTagNS) => {
    if (open.length >= DEPTH_MAX)
      refuse(`expected elements nested at most ${DEPTH_MAX} deep, found more; is this the right file?`);
    count += 1;
    if (count > ELEMENTS_MAX) refuse(`expected at most ${ELEMENTS_MAX} elements, found more; name a smaller file`);
    const attributes = new Map<string, string>();
    for (const { local, prefix, value } of Object.values<SaxesAttributeNS>(tag.attributes))
      if (prefix !== "xmlns") attributes.set(local, value);
    // Position is that behind the name: the tag began so many characters before.
    const began = Math.max(1, column - tag.name.length - 1);
    const element: Open = { name: tag.local, attributes, children: [], text: "", line, column: began };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("text", (piece) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  });
  parser.on("cdata", (piece) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  });
  parser.on("closetag", () => {
    const element = open.pop();
    if (open.length === 0 && element !== undefined) found.push(element);
  });
  parser.on("doctype", (doctype) => {
    [line, column] = [parser.line, Math.max(1, parser.column)];
    if (/<!ENTITY/i.test(doctype))
      refuse("expected no entities that the document declares itself, found some; write out what they stand for");
  });
  parser.on("error", (error) => {
    // The message begins with a place: "3:14: ...".
    const [, at = "1", character = "0", what = error.message] =
      /^(?:.*?:)??(\d+):(\d+): (.*)$/su.exec(error.message) ?? [];
    throw new Refused({
      line: Number(at),
      column: Math.max(1, Number(character)),
      message: `expected well-formed XML, found ${JSON.stringify(what)}; is the file whole?`,
    });
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof Refused) return { kind: "refused", problems: [error.problem] };
    throw error;
  }
  const [root] = found;
  if (root === undefined)
    return {
      kind: "refused",
      problems: [{ line: 1, column: 1, message: "expected an element, found none; is the file whole?" }],
    };
  return { kind: "root", root };
}
