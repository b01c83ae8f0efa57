// Golden transcripts: text files of commands and what came of them, in the format of Cockroach Labs' datadriven and etcd
// raft's interaction tests. Parsing, running and writing back; what the commands mean is the caller's (cluster.ts), and
// so is reading and writing files.
//
// A file is prose and blocks, apart by blank lines. Prose lines begin with `#`. A block is a command line, any input lines,
// a line `----`, and the expected output up to the next blank line. Output that contains a blank line stands between two
// pairs of `----` lines. A command that has nothing to say prints `ok`.

/** A command as its words: `deliver a->b drop count=2` has two operands and one option. */
export interface Command {
  readonly name: string;
  readonly operands: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** Lines between the command and the `----`. */
  readonly input: readonly string[];
}

/** One command and the output that the file expects of it. */
export interface Block {
  /** The command line's number, from 1. */
  readonly line: number;
  readonly command: Command;
  readonly expected: string;
}

/** What a file was found to be, or why it is no transcript. */
export type ParsedTranscript =
  | { readonly kind: "transcript"; readonly blocks: readonly Block[] }
  | { readonly kind: "malformed"; readonly line: number; readonly why: string };

const separator = "----";

/** The file rewritten with the outputs that the commands really have; equal to the file exactly when all is as expected. */
export type Rewritten =
  | { readonly kind: "rewritten"; readonly text: string }
  | { readonly kind: "malformed"; readonly line: number; readonly why: string };

interface Parts {
  /** Everything outside of outputs, cut where an output belongs: one more piece than there are blocks. */
  readonly pieces: readonly string[];
  readonly blocks: readonly Block[];
}

/** Reads a transcript's blocks. */
export function parseTranscript(text: string): ParsedTranscript {
  const parts = split(text);
  return "why" in parts ? parts : { kind: "transcript", blocks: parts.blocks };
}

/** Runs every command in order and puts the text together anew. What `handle` throws is not caught: it is a bug. */
export function rewriteTranscript(text: string, handle: (command: Command) => string): Rewritten {
  const parts = split(text);
  if ("why" in parts) return parts;
  let result = parts.pieces[0] as string;
  for (const [index, block] of parts.blocks.entries()) {
    result += framed(handle(block.command)) + (parts.pieces[index + 1] as string);
  }
  return { kind: "rewritten", text: result };
}

/** Words of one command line. */
export function parseCommand(line: string, input: readonly string[] = []): Command {
  const operands: string[] = [];
  const options = new Map<string, string>();
  const [name = "", ...words] = line.trim().split(/\s+/);
  for (const word of words) {
    const option = /^([a-z][a-zA-Z]*)=(.*)$/.exec(word);
    if (option === null) operands.push(word);
    else options.set(option[1] as string, option[2] as string);
  }
  return { name, operands, options, input };
}

// The separator, the output, and its end, as they stand in a file.
function framed(output: string): string {
  const text = output === "" ? "ok" : output;
  if (!text.split("\n").includes("")) return `${separator}\n${text}\n`;
  return `${separator}\n${separator}\n${text}\n${separator}\n${separator}\n`;
}

function split(text: string): Parts | Extract<ParsedTranscript, { kind: "malformed" }> {
  const lines = text.split("\n");
  if (lines.pop() !== "")
    return { kind: "malformed", line: lines.length + 1, why: "the file does not end with a line end" };
  const pieces: string[] = [];
  const blocks: Block[] = [];
  let piece = "";
  let at = 0;
  while (at < lines.length) {
    const first = lines[at] as string;
    piece += `${first}\n`;
    at += 1;
    if (first === "" || first.startsWith("#")) continue;

    const line = at;
    const input: string[] = [];
    while (at < lines.length && lines[at] !== separator && lines[at] !== "") {
      input.push(lines[at] as string);
      piece += `${lines[at] as string}\n`;
      at += 1;
    }
    if (lines[at] !== separator) return { kind: "malformed", line, why: `no ${separator} ends this command` };
    const isDoubled = lines[at + 1] === separator;
    const output: string[] = [];
    at += isDoubled ? 2 : 1;
    const ends = (): boolean =>
      isDoubled ? lines[at] === separator && lines[at + 1] === separator : at >= lines.length || lines[at] === "";
    for (; !ends(); at += 1) {
      if (at >= lines.length) return { kind: "malformed", line, why: "the output is not closed" };
      output.push(lines[at] as string);
    }
    if (isDoubled) at += 2;
    pieces.push(piece);
    piece = "";
    blocks.push({ line, command: parseCommand(first, input), expected: output.join("\n") });
  }
  pieces.push(piece);
  return { pieces, blocks };
}
