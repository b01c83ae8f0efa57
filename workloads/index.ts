// Workloads for other people's programs: families of generated topologies. The scenarios beside this file are YAML, read by
// the simulator (sim/scenario).

export * from "./topologies/index.ts";
