/** A state machine as data: state → event → next state. */
export type Moves = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The table as a Mermaid state diagram. The first state is where it begins; a state without moves is where it ends. */
export function mermaidOf(moves: Moves): string {
  const states = Object.keys(moves);
  const lines = states.flatMap((from) => {
    const events = Object.entries(moves[from] ?? {});
    return events.length === 0 ? [`${from} --> [*]`] : events.map(([event, to]) => `${from} --> ${to}: ${event}`);
  });
  return ['stateDiagram-v2', ...[`[*] --> ${states[0] ?? '[*]'}`, ...lines].map((line) => `  ${line}`)].join('\n');
}
