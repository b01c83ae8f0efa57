// What becomes of the versions that stand when a record of their key is applied: the general case of shadow.ts, in place.
// Records are numbered as they are written, so of two only the earlier number can be in the past of the other: one look at a
// clock decides.
//
// Where a delete was dropped for good, a write cannot name it. It may overtake the word that the delete may go: then the
// delete stands beside it until that word comes. And it may overtake the delete itself, where that went without a member who was
// detached: 1. v stands at the member, which is away, and elsewhere d deletes v and goes. 2. A session that had read v writes u. u follows v
// and names nothing, since nothing stands there. 3. u comes to the member before d: v stands beside it until d comes.
//
// What a replica wrote by itself replaces what it names and nothing else (unasked.ts).
//
// A version may come after one that follows it only by way of records that this cloudlet has lost for good (gone.ts): nothing there
// shows that it comes too late. 1. c is sent v and writes a report w about it, which flows upwards only. 2. Who wrote v has lost it with
// its disk. It reads w, and writes u at the key of v: u names w, and no v, since none stands there. 3. c has u, and then loses v and
// w with its disk, but not u. Nobody brings w back; u waits for nothing. 4. v is brought again, and stands beside u.
//
// Under several plans only what a record itself overwrote is sure to go: what stood between two versions at the writer's
// cloudlet may not lead to where both arrive. The rest may stand or be gone.

import type { ReplicationCore } from "../../model/replication/io.ts";
import { isBehindGone, type Losses } from "./gone.ts";
import type { RecordTable } from "./record-table.ts";
import type { ShadowStore, Siblings } from "./shadow.ts";
import { retain } from "./tables.ts";
import type { Holes } from "./unproven.ts";

/**
 * Puts a record beside the versions of its key. Returns whether it stands among them.
 *
 * @param isForgetful its writer's cloudlet may have forgotten what it had received
 * @param holes what this cloudlet may have lost of what stood between (unproven.ts)
 * @param collected deletes of the key that its writer's cloudlet has dropped for good
 * @param missed those of them that have not been applied here
 * @param excusedNow gets the versions that may stand or be gone since now
 */
export function standBeside(
  table: RecordTable & Losses,
  cloudlet: number,
  { standing, excused }: Siblings,
  record: number,
  isForgetful: boolean,
  holes: Holes,
  collected: readonly number[],
  missed: readonly number[],
  excusedNow: number[],
): boolean {
  const { reach, overwritten } = table;
  const isHoled = holes !== "none";
  const origin = table.originOf.data[record] as number;
  const isUnasked = table.unasked.size > 0 && table.unasked.has(record);
  let isLate = false;
  let isExcused = false;
  let kept = 0;
  for (let index = 0; index < standing.length; index += 1) {
    const version = standing[index] as number;
    if (version > record) {
      if (table.isAtOrBefore(record, version)) {
        const isNamed = holes !== "joined" && overwritten.includes(version, record);
        if (!isNamed && (reach.isFamily || isHoled || isBehindGone(table, cloudlet, record, version))) isExcused = true;
        else isLate = true;
      }
    } else if (isUnasked) {
      if (overwritten.includes(record, version)) continue;
    } else if (table.isAtOrBefore(version, record)) {
      const isReplaced = !reach.isFamily && !isForgetful && table.reaches(version, origin);
      const isOvertaken = collected.length > 0 && (collected.includes(version) || isPast(table, version, missed));
      if ((isReplaced && !isOvertaken) || (holes !== "joined" && overwritten.includes(record, version))) continue;
      excused.push(version);
      if (!isForgetful && !isOvertaken) excusedNow.push(version);
      continue;
    }
    standing[kept] = version;
    kept += 1;
  }
  standing.length = kept;
  if (excused.length > 0 && holes !== "joined") retain(excused, (version) => !overwritten.includes(record, version));
  if (isExcused && !isLate) {
    excused.push(record);
    if (!isHoled && reach.isFamily) excusedNow.push(record);
  }
  return !isLate && !isExcused;
}

function isPast(table: RecordTable, version: number, records: readonly number[]): boolean {
  for (const record of records) if (table.isAtOrBefore(version, record)) return true;
  return false;
}

/**
 * Of the versions of a key that may stand or be gone, keeps those that the core has. Returns how many of `newly` are among
 * them.
 */
export function trimExcused(
  truth: RecordTable & { readonly shadow: ShadowStore; readonly keyNames: readonly string[] },
  cloudlet: number,
  key: number,
  core: ReplicationCore,
  newly: readonly number[],
): number {
  const code = truth.shadow.codeOf(cloudlet, key);
  if (code >= -1) return 0;
  const { excused } = truth.shadow.siblingsOf(code);
  if (excused.length === 0) return 0;
  const versions = core.versions(truth.keyNames[key] as string);
  retain(excused, (record) => versions.some((version) => truth.numberOf(version.dot) === record));
  truth.shadow.close(cloudlet, key);
  return newly.filter((record) => excused.includes(record)).length;
}
