/** What a menu line is found to be. */
import type { Diet } from './dietWords.ts';

/** One raw line, read by itself. */
export interface Line {
  readonly kind: 'dish' | 'label' | 'notice' | 'terms' | 'fragment' | 'empty';
  /** The clean text; of a dish, and of a notice under a kind of dish, without its label. */
  readonly clean: string;
  /** The label before the colon, without it. */
  readonly label?: string;
  readonly diet?: Diet;
  /** True where the diet is not said of the dish itself. */
  readonly dietIsGuess?: true;
  /** Of a notice: true when it says that the restaurant is closed. */
  readonly closes?: true;
}
