// Texts come back as they were, whatever has got a code meanwhile, and shorter once their words are known.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { textSize } from "./bytes.ts";
import { Words } from "./shelf-words.ts";

const word = fc.constantFrom("op", "vm.update", "by=operator", "|", "", "ü", "w".repeat(40));
const odd = fc.constantFrom("\u0001", "\0", "a\tb", "op");
const sentence = fc.array(word, { maxLength: 16, size: "max" }).map((words) => words.join(" "));
const text = fc.oneof(
  { weight: 8, arbitrary: sentence },
  { weight: 1, arbitrary: fc.tuple(sentence, odd, sentence).map((parts) => parts.join(" ")) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme" }) },
);

const into = new Uint8Array(256);
const seen = { shorter: 0, asItIs: 0, bytes: 0 };
afterAll(() => {
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
});

prop(
  "what was packed is unpacked to what it was, by a copy too",
  fc.tuple(fc.array(text, { size: "max", minLength: 50, maxLength: 200 }), fc.nat(199)),
  ([texts, copied]) => {
    let words = new Words();
    const packed: string[] = [];
    for (const [index, one] of texts.entries()) {
      if (index === copied) words = words.clone();
      const twin = words.clone();
      packed.push(words.pack(one));
      if (packed[index]!.length < one.length) seen.shorter += 1;
      if (packed[index]!.startsWith("\0")) seen.asItIs += 1;
      const length = twin.packInto(one, into);
      if (length < 0) continue;
      seen.bytes += 1;
      expect(String.fromCharCode(...into.subarray(0, length))).toBe(packed[index]);
      words = twin;
    }
    expect(packed.map((one) => words.unpack(one))).toEqual(texts);
  },
);

test("of operations that say the same little is left but what each says alone", () => {
  const words = new Words();
  const sizes = Array.from({ length: 1_000 }, (_, at) => {
    return textSize(words.pack(`op vm.update vm${at} to=${at} by=operator | payload`));
  });
  expect(sizes[0]).toBe(43);
  expect(sizes.at(-1)).toBe(24);
});
