/** A line of a `.env` file that is neither `KEY=value`, a comment nor blank. */
export type EnvFileProblem = { line: number; text: string };

/** Reads `.env` text. Unlike `node --env-file`, which skips what it cannot read, every broken line is reported.
 *  A value may stand in single or double quotes; nothing is expanded. */
export function parseEnvFile(text: string): { values: Record<string, string>; problems: EnvFileProblem[] } {
  const values: Record<string, string> = {};
  const problems: EnvFileProblem[] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const match = /^(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*)$/.exec(line);
    const value = match?.[2] === undefined ? undefined : unquote(match[2]);
    if (match?.[1] === undefined || value === undefined) {
      // The text after "=" may be a secret: only the part before it is repeated.
      problems.push({ line: index + 1, text: line.split('=')[0]?.slice(0, 40) ?? '' });
      return;
    }
    values[match[1]] = value;
  });
  return { values, problems };
}

function unquote(value: string): string | undefined {
  const quote = value[0];
  if (quote !== '"' && quote !== "'") return value.replace(/\s+#.*$/, '').trim();
  const end = value.indexOf(quote, 1);
  if (end === -1) return undefined;
  const rest = value.slice(end + 1).trim();
  return rest === '' || rest.startsWith('#') ? value.slice(1, end) : undefined;
}
