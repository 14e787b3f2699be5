/** Colours of drawings in the light scheme, and what each becomes in the dark one: a drawing in an `img` follows its reader's own setting by its style. */
const DARK: Readonly<Record<string, string>> = {
  '#18232c': '#e9eef0',
  '#4c5a66': '#adbac2',
  '#d8d6cc': '#31404a',
  '#6b7883': '#84939d',
  '#0b5a6b': '#71cbdb',
  '#7fb0bb': '#3f7684',
  '#d5e7ea': '#1d3a43',
  '#b3541e': '#f5b96b',
  '#fcf1da': '#2e2a1c',
  '#efeee8': '#1f2b32',
  '#fefefe': '#172127',
  // The shades of a map, light for little; in the dark scheme dark for little.
  '#e6f2f4': '#1b2d34',
  '#c3dfe4': '#24454f',
  '#95c4cd': '#2f6270',
  '#347a8a': '#57a0b0',
  '#1b6272': '#7cc4d3',
  '#063f4c': '#b5e8f1',
  // On the darker three of them.
  '#ffffff': '#05232a',
};

export const COLOUR = {
  ink: '#18232c',
  quiet: '#4c5a66',
  grid: '#d8d6cc',
  edge: '#6b7883',
  main: '#0b5a6b',
  second: '#7fb0bb',
  fan: '#d5e7ea',
  accent: '#b3541e',
  band: '#fcf1da',
  hidden: '#efeee8',
  /** What the drawing lies on: behind letters that a line would cross. */
  paper: '#fefefe',
} as const;

/** From little to much, and the colour of letters on each: at least 4.5 to 1 in both schemes. */
export const SHADES = ['#e6f2f4', '#c3dfe4', '#95c4cd', '#347a8a', '#1b6272', '#063f4c'] as const;
export const ON_SHADES = ['#18232c', '#18232c', '#18232c', '#ffffff', '#ffffff', '#ffffff'] as const;

/** The drawing's own style: attributes carry the light colours, and this repaints them for readers in the dark. */
export const DARK_STYLE = `@media(prefers-color-scheme:dark){${Object.entries(DARK)
  .map(([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`)
  .join('')}}`;
