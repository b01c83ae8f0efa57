/** `causeway import` as a caller sees it: what is written, what is said of it, and what is refused without a trace. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createTar } from "nanotar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readXml } from "../../importing/read-xml.ts";
import { openWorkplace, type Workplace } from "../testing.ts";

let place: Workplace;
beforeAll(() => {
  place = openWorkplace();
});
afterAll(() => {
  place.remove();
});

const pair = (far: number): string =>
  JSON.stringify({
    nodes: [
      { id: 0, name: "hub" },
      { id: 1, name: "edge" },
    ],
    edges: [{ source: 0, target: 1, dist: far }],
  });

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(place.path, name), content);
  return name;
}

test("a map becomes a scenario that runs as it is, and what was done is told and stands at its head", async () => {
  const { code, out, err } = await place.run("import", write("Two Sites.json", pair(100)), "--out", "maps");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatchInlineSnapshot(`
    "topohub: 2 cloudlets in 2 layers, 1 links of which 0 are spare
      converted, once: a length in km, to a delay over fibre
      assumed, once: who is above whom: the shortest ways from the root by delay (hub)
      read, 2 times: a node
      read, once: an edge, as a link of the tree
    wrote maps/two-sites.yaml; run it with: npx causeway run maps/two-sites.yaml
    "
  `);
  const text = readFileSync(join(place.path, "maps/two-sites.yaml"), "utf8");
  expect(text).toContain("# Imported from Two Sites.json, read as topohub.\n");
  expect(text).toContain("defaults: { delay: 750us }");
  const run = await place.run("run", "maps/two-sites.yaml");
  expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: "" });
  const drawn = await place.run("topology", "maps/two-sites.yaml", "--svg", "two.svg");
  expect(drawn).toMatchObject({ code: 0, out: "wrote two.svg\n", err: "" });
  const svg = readXml(readFileSync(join(place.path, "two.svg"), "utf8"));
  expect(svg).toMatchObject({ kind: "root", root: { name: "svg" } });
  const again = await place.run("import", "Two Sites.json", "--out", "maps");
  expect(again).toMatchObject({
    code: 2,
    err: "maps/two-sites.yaml: it is there already; name another folder, or replace it with --overwrite\n",
  });
  expect((await place.run("import", "Two Sites.json", "--out", "maps", "--overwrite")).code).toBe(0);
  expect(readdirSync(join(place.path, "maps"))).toEqual(["two-sites.yaml"]);
});

test("of a folder what can be read is written, what cannot is told with its place, and sweeps take the rest", async () => {
  mkdirSync(join(place.path, "many/deep"), { recursive: true });
  write("many/a.json", pair(10));
  write("many/deep/a.json", pair(20));
  write("many/b.json", `{ "nodes": [{ "id": 0 }], "edges": [{ "source": 0, "target": 1 }] }`);
  write("many/c.csv", Buffer.from("from,a,b\na,0,1\nb,\xff,0\n", "latin1"));
  write("many/d.graphml", Buffer.from("<graphml/>", "utf16le"));
  write("many/e.xml", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("<graphml/>", "utf16le")]));
  write("many/notes.txt", "passed over");
  symlinkSync("a.json", join(place.path, "many/z.json"));
  const { code, out, err } = await place.run("import", "many", "--out", "out-of-many", "--json");
  expect(code).toBe(2);
  const { imported } = JSON.parse(out) as { imported: { file: string; faults: number }[] };
  expect(imported.map(({ file, faults }) => `${file} ${faults}`)).toEqual(["a.yaml 0", "deep-a.yaml 0"]);
  expect(
    err
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(0, 76)),
  ).toMatchInlineSnapshot(`
    [
      "many/c.csv: expected text in UTF-8, found a byte on line 3 that is none of i",
      "many/e.xml: expected text in UTF-8, found UTF-16; write it anew, such as wit",
      "many/z.json: expected a file, found a link to another one, which is not foll",
      "many/b.json:1:62: expected the id of a node, found 1; name one, or leave the",
      "many/d.graphml:1:1: expected one of graphml (GraphML, as the Internet Topolo",
    ]
  `);
  write(
    "sweep.yaml",
    "sweep: 1\nname: imported\ntopologies: [{ folder: out-of-many }]\nworkloads: [{ file: work.yaml }]\n",
  );
  write(
    "work.yaml",
    "causeway: 1\nname: work\nseed: 1\ntopology: { tree: { a: null } }\nscopes: [{ name: state, prefix: state/ }]\n" +
      "flows: [{ scope: state, between: tree, direction: both }]\nduration: 2s\n" +
      "clients: [{ name: people, at: all, think: 100ms, mix: [{ put: state/, keys: 5 }] }]\n",
  );
  const sweep = await place.run("sweep", "sweep.yaml", "--workers", "1");
  expect(sweep).toMatchObject({ code: 0 });
  expect(sweep.out).toContain("passed: 2 of 2 runs");
});

describe("an archive", () => {
  const archive = (files: readonly { readonly name: string; readonly data: string }[]): Uint8Array =>
    gzipSync(createTar(files.map(({ name, data }) => ({ name, data }))));

  test("is imported as a folder is, and nothing is written outside", async () => {
    write(
      "maps.tar.gz",
      archive([
        { name: "zoo/a.json", data: pair(1) },
        { name: "../../out.json", data: pair(2) },
        { name: "zoo/a.txt", data: "" },
      ]),
    );
    const { code, out } = await place.run("import", "maps.tar.gz", "--out", "from-archive");
    expect(code).toBe(0);
    expect(out).toContain("wrote 2 scenarios to from-archive");
    expect(readdirSync(join(place.path, "from-archive"))).toEqual(["out.yaml", "zoo-a.yaml"]);
    expect(existsSync(join(place.path, "../../out.yaml"))).toBe(false);
  });

  test("keeps names of pax headers whole, with blanks and letters that are not ASCII", async () => {
    const path = "zoo/m\u00E4p of = all.json";
    // The length of the record counts bytes, and its own digits.
    const record = `${Buffer.byteLength(path) + 9} path=${path}\n`;
    const plain = createTar([
      { name: "pax", data: record },
      { name: "m", data: pair(1) },
    ]);
    plain[156] = "x".charCodeAt(0);
    const sum = plain.subarray(0, 512).reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
    plain.set(Buffer.from(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
    write("pax.tar.gz", gzipSync(plain));
    const { code, out } = await place.run("import", "pax.tar.gz", "--out", "from-pax");
    expect({ code, wrote: readdirSync(join(place.path, "from-pax")), out }).toMatchObject({
      code: 0,
      wrote: ["zoo-map-of-all.yaml"],
    });
  });

  test("with a link to another file tells of it", async () => {
    const plain = createTar([
      { name: "a.json", data: pair(1) },
      { name: "b.json", data: "" },
    ]);
    const at = Buffer.from(plain).indexOf("b.json");
    plain[at + 156] = "2".charCodeAt(0);
    plain.set(Buffer.from("../../secret.json"), at + 157);
    const header = plain.subarray(at, at + 512);
    const sum = header.reduce((all, byte, place) => all + (place >= 148 && place < 156 ? 32 : byte), 0);
    plain.set(Buffer.from(`${sum.toString(8).padStart(6, "0")}\0 `), at + 148);
    write("link.tar.gz", gzipSync(plain));
    const { code, err } = await place.run("import", "link.tar.gz", "--out", "from-link");
    expect({ code, err }).toEqual({
      code: 2,
      err: "link.tar.gz:b.json: expected a file, found a link to another one, which is not followed; name that one\n",
    });
    expect(readdirSync(join(place.path, "from-link"))).toEqual(["a.yaml"]);
  });

  test("that unfolds without end is refused before it has", async () => {
    write("bomb.tgz", gzipSync(Buffer.alloc(600 * 1024 * 1024)));
    const { code, err } = await place.run("import", "bomb.tgz", "--out", "from-bomb");
    expect({ code, err }).toEqual({
      code: 2,
      err: "bomb.tgz: expected a gzip archive, found one that unfolds to more than 512 MiB; import its files in parts\n",
    });
    expect(existsSync(join(place.path, "from-bomb"))).toBe(false);
  });

  test.each([
    [
      "no archive",
      Buffer.from("hello"),
      "expected a gzip archive, found something else, or one that is cut short; see whether it was loaded whole",
    ],
    [
      "cut short",
      archive([{ name: "a.json", data: pair(1) }]).subarray(0, 60),
      "expected a gzip archive, found something else, or one that is cut short",
    ],
    [
      "no tar inside",
      gzipSync("hello"),
      "expected a tar archive inside, found something else, or one that is cut short; pack the files anew with tar",
    ],
    [
      "a file longer than its archive",
      gzipSync(createTar([{ name: "a.json", data: "x".repeat(2_000) }]).subarray(0, 1_024)),
      "expected a tar archive inside, found something else, or one that is cut short",
    ],
    [
      "no map inside",
      archive([{ name: "a.txt", data: "hello" }]),
      "expected files that end in .graphml, .gml, .xml, .json, .yaml, .csv or .tsv, found none",
    ],
  ])("%s is refused in words", async (_, content, expected) => {
    const { code, err } = await place.run("import", write("broken.tar.gz", content), "--out", "from-broken");
    expect(code).toBe(2);
    expect(err).toContain(`broken.tar.gz: ${expected}`);
  });
});

test.each([
  [
    ["import", "nowhere", "--out", "x"],
    "nowhere: expected a file, a folder or a .tar.gz, found nothing there; name one that exists",
  ],
  [["import", "one.json"], "required option '--out <folder>' not specified"],
  [["import", "one.json", "--out", "one.json"], "--out one.json: cannot be made (EEXIST); name another place"],
  [
    ["import", "one.json", "--out", "x", "--root", "edge9"],
    `one.json:1:1: expected one node called "edge9", found none`,
  ],
  [["import", "one.json", "--out", "x", "--format", "svg"], "Allowed choices are graphml, gml, topohub"],
])("%j is refused in words, with exit code 2", async (words, expected) => {
  write("one.json", pair(1));
  const { code, err } = await place.run(...words);
  expect(code).toBe(2);
  expect(err).toContain(expected);
});
