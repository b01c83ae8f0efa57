/**
 * The hash over the sources that decide what a run does, for naming the engine of a digest or replay.
 *
 * Equal wherever the sources are equal: paths with slashes in code-unit order, line ends as line feeds. Leaves out what
 * cannot change a run: tests, benchmarks, the command line and worker processes.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const layers = ["model", "sim", "workloads"];
const aside =
  /^sim\/(cli|bench|compare|report|workers|sweep\/report)\/|^sim\/[^/]+\.mjs$|\.(test|bench)\.ts$|\.d\.ts$|^sim\/(start|digests|index)\.ts$/;

/** Twelve hexadecimal digits over the sources in a checkout whose root is `root`. */
export function hashSources(root: string): string {
  const paths = layers
    .flatMap((layer) =>
      readdirSync(join(root, layer), { recursive: true, encoding: "utf8" }).map((path) => `${layer}/${path}`),
    )
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !aside.test(path))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const hash = createHash("sha256");
  for (const path of paths) {
    const text = readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n");
    hash.update(`${path}\n${text.length}\n${text}`);
  }
  return hash.digest("hex").slice(0, 12);
}
