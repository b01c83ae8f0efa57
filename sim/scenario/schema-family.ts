/**
 * What may be chosen about a member of a family of topologies beside its shape and its size. Which family takes what is checked where the
 * member is drawn (expand-family.ts).
 */
import { count, portion, quantity } from "./pieces.ts";

/** Keys of `topology.family`. */
export const familyParameters = {
  km: count(
    "the side of the square that its cloudlets lie in, in km, of vehicles how long a line is, where the family has one",
    1,
    10_000,
  ).optional(),
  alpha: portion("of waxman: how far links reach, the larger the more long ones there are (default 0.2)").optional(),
  beta: portion("of waxman: how many links there are (default: such that a cloudlet has four on average)").optional(),
  round: quantity(
    "duration",
    "of vehicles, drones and satellites: how long a round takes, so that they are all faster or slower (default: as they are)",
  ).optional(),
};
