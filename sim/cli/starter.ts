/**
 * The text that `causeway new` writes: a small scenario that shows every section once and passes as it is.
 *
 * Leaves out what needs explaining at length; docs/scenario.md has all keys.
 */

/** The scenario of this name, as YAML. */
export function starterScenario(name: string): string {
  return `# A scenario of Causeway. Check it: npx causeway validate ${name}.yaml   Run it: npx causeway run ${name}.yaml
causeway: 1
name: ${name}
seed: 1 # all chance comes from it: the same seed is the same run, on any machine

# Who controls whom. Further down: nested deeper.
topology:
  tree:
    center:
      region-a:
        site-1:
        site-2:
      region-b:
        site-3:

# Parts of the key space. A {cloudlet} scope exists once per cloudlet.
scopes:
  - { name: users, prefix: users/, resolver: return-them-all }
  - { name: "metrics-{cloudlet}", prefix: "metrics/{cloudlet}/", at: leaves }

# Which way state travels: users everywhere and both ways, metrics only up.
flows:
  - { scope: users, between: tree, direction: both }
  - { scope: "metrics-{cloudlet}", between: ancestors, direction: up }

# One link per edge of the tree. Quantities always have a unit.
links:
  defaults: { delay: 10ms, jitter: 2ms, bandwidth: 100Mbit, queue: 256KiB, loss: 1% }
  list:
    - { between: [center, region-b], delay: 80ms }

# Load at random, from the seed.
clients:
  - name: editors
    at: all
    think: exponential(200ms)
    mix:
      - { put: users/, keys: 20, popularity: zipf(0.99), size: 64B, weight: 1 }
      - { get: users/, keys: 20, popularity: zipf(0.99), weight: 2 }
  - name: reporters
    at: leaves
    every: 500ms
    mix:
      - { put: "metrics/{cloudlet}/load", size: 32B }

# Requests at stated moments.
script:
  - { put: users/ann, value: "administrator", at: 5s, cloudlet: center, session: operator }
  - { put: users/ann, value: "guest", at: 6s, cloudlet: site-1, session: local-operator }

# What breaks, and when.
faults:
  - { linkDown: [center, region-a], from: 4s, until: 12s }
  - { crash: site-3, at: 8s, for: 2s }

# How far wall clocks are off. The truth is known to nobody inside.
clocks:
  - { at: site-2, offset: -80ms, drift: 40ppm }

duration: 20s # load and faults; then everything is healed
settle: 20s # everyone has to agree within that time

# Without this section every safety property must hold, and convergence at the end.
expectations:
  sometimes: [conflict, partition-healed, crash] # marks that must be reached, or the run proves nothing
`;
}
