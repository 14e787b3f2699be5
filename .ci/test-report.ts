/** What vitest's JSON reports say, for `.ci/run`.
 *  `failed REPORT` prints the files to run again, one a line: those in which a test failed, when they are few. More than a few are no matter of the machine's pace.
 *  `judge TITLE COUNTS REPORT [AGAIN]` prints the counts of a run, and of the run again of what failed; exits with 1 unless every test passed, and none was
 *  skipped. A test that passed only alone is named: it has found something, if only about itself. */
import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const MOST_FILES_AGAIN = 3;

type Report = {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
};

function readReport(file: string): Report {
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

function failedFiles({ testResults }: Report): string[] {
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => relative(process.cwd(), name));
}

function failedTests({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    // A file that could not be loaded has no tests.
    if (status === 'failed' && failed.length === 0) return [`${file}: as a whole`];
    return failed.map(({ fullName }) => `${file}: ${fullName}`);
  });
}

function printFailedFiles(report: Report): void {
  const files = failedFiles(report);
  if (files.length <= MOST_FILES_AGAIN) for (const file of files) console.log(file);
}

function nameAgain(tests: readonly string[], again: Report): void {
  const failedAgain = new Set(failedTests(again));
  // What came to no end passed nowhere.
  const hasRun = again.numPassedTests > 0;
  for (const test of tests)
    console.log(`${hasRun && !failedAgain.has(test) ? 'PASSED ONLY ALONE' : 'FAILED AGAIN'} ${test}`);
}

function judge(title: string, counts: string, first: Report, again: Report | undefined): void {
  const tests = failedTests(first);
  for (const test of tests) console.log(`FAILED ${test}`);
  const isMended = again?.success === true && again.numPassedTests > 0;
  if (again !== undefined) nameAgain(tests, again);
  const mended = isMended ? first.numFailedTests : 0;
  const passed = first.numPassedTests + mended;
  const skipped = first.numPendingTests + first.numTodoTests;
  if (skipped > 0) console.log('No test may be skipped here.');
  const failed = first.numFailedTests - mended;
  console.log(`${title}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  appendFileSync(counts, `${passed} ${failed} ${skipped}\n`);
  const isFine = (first.success || isMended) && passed > 0 && skipped === 0;
  if (!isFine) process.exitCode = 1;
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'judge') {
  const [title = '', counts = '', first = '', again] = rest;
  judge(title, counts, readReport(first), again === undefined ? undefined : readReport(again));
} else if (command === 'failed' && rest[0] !== undefined) printFailedFiles(readReport(rest[0]));
else throw new Error('usage: failed REPORT | judge TITLE COUNTS REPORT [AGAIN]');
