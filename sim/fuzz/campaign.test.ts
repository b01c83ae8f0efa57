// The short form of the fuzzer, and what it is worth: each planted bug of a decoder or of a border is found by it.

import { describe, expect, test } from "vitest";
import type { ReplicationCore } from "../../model/replication/io.ts";
import { decode } from "../../model/replication/wire.ts";
import { mustMeet, rightTarget, runCampaign, type Target } from "./campaign.ts";
import { withChecksum } from "./mutations.ts";

test("a short attack finds nothing, and has met what there is to meet", { timeout: 120_000 }, () => {
  const { flaws, met } = runCampaign("short", 12_000);
  expect(flaws).toEqual([]);
  expect(mustMeet.filter((name) => !met.has(name))).toEqual([]);
});

const inner = (bytes: Uint8Array): number[] => [...bytes.subarray(0, Math.max(0, bytes.length - 4))];

// Hands bytes out as the replica it stands for would, with one bad habit.
function withHabit(core: ReplicationCore, habit: (core: ReplicationCore, bytes: Uint8Array) => void): ReplicationCore {
  return {
    step: (input, now) => {
      const effects = core.step(input, now);
      const isRefused = effects.some((effect) => effect.kind === "notify" && effect.event.kind === "messageRefused");
      if (input.kind === "receiveBytes" && isRefused) habit(core, input.bytes);
      return effects;
    },
    snapshot: () => core.snapshot(),
    fork: () => withHabit(core.fork(), habit),
    fingerprint: () => core.fingerprint(),
    versions: (key) => core.versions(key),
    keys: () => core.keys(),
    hasApplied: (dot) => core.hasApplied(dot),
    pending: () => core.pending(),
    waitingCuts: () => core.waitingCuts(),
  };
}

describe("a planted bug is found", () => {
  const decoding = (bad: Target["decode"]): Target => ({ ...rightTarget, decode: bad });
  test.each<[string, Target, string]>([
    [
      "the checksum is not looked at",
      decoding((bytes) => decode(withChecksum(inner(bytes)))),
      "decodes to a message of other bytes",
    ],
    [
      "bytes after the end are ignored",
      decoding((bytes) => {
        const decoded = decode(bytes);
        if (decoded.kind !== "malformed" || !decoded.why.includes("after the end of the message")) return decoded;
        return decode(withChecksum(inner(bytes).slice(0, decoded.at)));
      }),
      "decodes to a message of other bytes",
    ],
    [
      "numbers may be longer than need be",
      decoding((bytes) => {
        let decoded = decode(bytes);
        let shorter = inner(bytes);
        while (decoded.kind === "malformed" && decoded.why.includes("shortest form")) {
          // The last byte of that number is the empty one; the one before it becomes the last.
          let end = decoded.at;
          while ((shorter[end] ?? 0) >= 0x80) end += 1;
          shorter = shorter.toSpliced(end - 1, 2, (shorter[end - 1] ?? 0) & 0x7f);
          decoded = decode(withChecksum(shorter));
        }
        return decoded;
      }),
      "decodes to a message of other bytes",
    ],
    [
      "a count is believed",
      decoding((bytes) => {
        const decoded = decode(bytes);
        const counted = decoded.kind === "malformed" ? /: (\d+) announced/.exec(decoded.why) : null;
        if (counted !== null) Array.from({ length: 0 }).length = Number(counted[1]);
        return decoded;
      }),
      "decoding throws RangeError",
    ],
    [
      "a batch is taken in up to its first bad record",
      {
        ...rightTarget,
        guard: (replica) =>
          withHabit(replica, (core, bytes) => {
            for (let end = bytes.length - 5; end > 8; end -= 1) {
              const { kind } = decode(withChecksum([...bytes.subarray(0, end)]));
              if (kind !== "message") continue;
              core.step(
                { kind: "receiveBytes", from: 1 as never, bytes: withChecksum([...bytes.subarray(0, end)]) },
                { monotonic: 5_000_000, wall: 1_600_000_000_000_000 },
              );
              return;
            }
          }),
      },
      "refused, and not without effect",
    ],
    [
      "a refusal is thrown",
      {
        ...rightTarget,
        guard: (replica) =>
          withHabit(replica, () => {
            throw new RangeError("out of bounds");
          }),
      },
      "a replica throws RangeError",
    ],
  ])("%s", { timeout: 120_000 }, (_name, target, says) => {
    const { flaws } = runCampaign("planted", 3_000, target);
    expect(flaws.some((flaw) => flaw.startsWith(says))).toBe(true);
  });
});
