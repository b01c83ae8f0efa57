// The study of a partition in an OpenStack cloud: its statements, its figures and its predictions. Rows of the catalogue
// (requirement.ts). Nothing checks them yet: they need a second model, of planes on hosts with a network between them.

import { open, type Requirement } from "./requirement.ts";

/** The rows E1 to E30. */
export const study: readonly Requirement[] = [
  open("E1", "An edge is hundreds of small sites of dozens of servers, far apart, over unlike links."),
  open("E2", "A cut isolates a database node, a compute node or a whole site."),
  open("E3", "What is cut off diverges, or is not served, or works as it should: each run is one of these."),
  open("E4", "Nodes of the data plane and of the control plane may be cut off from each other."),
  open("E5", "The case studied is the cut between control and compute."),
  open("E6", "The machines and links of the testbed."),
  open("E7", "The description of the testbed gives five servers in three groups and two networks."),
  open("E8", "Six virtual machines on three computes in two networks."),
  open("E9", "Traffic is within or between networks, between or within computes, and inside or to the outside."),
  open("E10", "The network rules cut one group off from another both ways, on one of two networks."),
  open("E11", "The cut of compute from control takes the network node along."),
  open("E12", "Before the cut everybody reaches everybody."),
  open("E13", "The isolated compute counts as down soon after."),
  open("E14", "People cannot log in to its machines."),
  open("E15", "Its machines still show as active: the last that is known."),
  open("E16", "After about a minute that hypervisor is down, and the two others are up."),
  open("E17a", "Of 17 pings 3 pass."),
  open("E17b", "Each of the stated reasons explains its rows: without it they come out differently."),
  open("E17c", "From inside the machines three more would pass, and routers on every compute change three others."),
  open("E18", "After the cut the node is up again within seconds, at most some twenty."),
  open("E19", "A machine is destroyed on the isolated compute while it is cut off."),
  open("E20", "During the cut the center shows all six as active, with their addresses."),
  open("E21", "After the cut the destroyed machine is shown as off soon after its node is up, never before."),
  open("E22", "Only the destroyed machine is off then, and the others stay active."),
  open("E23", "No inconsistency arises as long as one side alone changes things; where both do, they are reconciled."),
  open(
    "E24",
    "Showing the last that is known is right where nobody can know more: wrong claims are counted per policy.",
  ),
  open("E25", "Work done while cut off is kept, and starting the same elsewhere meanwhile makes two of it."),
  open("E26", "Latency, throughput and loss per class of traffic over time, as a matrix."),
  open("E27", "Cuts within the databases themselves: quorums beside the core."),
  open("E28", "The study may change, so that what was taken from it is pinned."),
  open("E29", "Slips of its text are kept as notes, and the table of machines is what counts."),
  open("E30", "Some effects need cuts of a certain length: three thresholds."),
];
