/** Before the system tests: the tarballs, and with them the bundle of `lunch`, which several of them use. */
import { packAll } from '../support/tarballs.ts';

export default packAll;
