/** Prints "passed failed skipped" from the JSON report of a vitest run, whose path is the only argument. */
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
// A file that cannot be imported has no tests to fail; it counts as one.
const brokenFiles = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
const failed = report.numFailedTests + brokenFiles.length;
console.log(report.numPassedTests, failed, report.numPendingTests + report.numTodoTests);
