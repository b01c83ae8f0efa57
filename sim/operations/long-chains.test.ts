// Operations that come after each other, thousands in a row: what is asked about one of them goes through all before it.

import { expect, test } from "vitest";
import type { CloudletId, OpId, SessionId } from "../../model/ids.ts";
import type { OperationId } from "../../model/control/operation.ts";
import { bytes } from "../../model/units.ts";
import { hub, star, SwiftSite } from "./swift-site.ts";

const edge = 1 as CloudletId;
const session = 1 as SessionId;
const count = 12_000;

test("what people at a site ask for waits behind a chain of any length, and is done once that has ended", () => {
  const caps = { records: 2 * count, bytes: bytes(2 ** 30) };
  const site = new SwiftSite(star(1), { settings: { caps } });
  site.setWay(edge, true);
  const ask = (at: CloudletId, number: number, object: string, more: object): void => {
    const request = { target: edge, kind: "vm.update", object, actor: "operator", payload: "", ...more } as const;
    site.give(at, { kind: "issue", session, id: number as OpId, request });
    site.pass(10);
  };
  // The first needs a version that the site does not have.
  ask(hub, 1, "vm1", { needs: 2 });
  for (let number = 2; number <= count; number += 1) ask(hub, number, `vm${number}`, { after: [`0.1.${number - 1}`] });
  ask(edge, 0, `vm${count}`, {});
  expect([site.accepted, site.refused, site.done]).toEqual([count + 1, 0, 0]);
  site.give(hub, { kind: "revoke", session, id: 0 as OpId, operation: "0.1.1" as OperationId });
  expect(site.done).toBe(1);
});
