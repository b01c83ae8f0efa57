/**
 * Cloudlets in a scenario's form: one by its name, or a selection of them.
 *
 * Leaves out whether there are such cloudlets (resolving.ts).
 */
import * as z from "zod";
import { list, text } from "./pieces.ts";
import { describeFound } from "./quantity.ts";

/** A cloudlet. */
export const site = text("the name of a cloudlet", "the name of a cloudlet");

/** Some of them. */
export const sites = z
  .union([site, list("names of cloudlets", site)], {
    error: ({ input }) =>
      `expected all, roots, leaves, a cloudlet or a list of cloudlets, found ${describeFound(input)}`,
  })
  .meta({ description: "all, roots, leaves, the name of a cloudlet, or a list of names" });
