/** The latent vectors that sample grids are made from: the same in every run with the same latent size. */
import { Random } from "./random";

/** The noise bank does not depend on the run: tile n shows the same latent vector in every run with that latent size. */
const noiseBankSeed = 20140610;

/** `[count, latent]`: the first `count` vectors of the bank that all runs share. */
export function noiseBank(count: number, latent: number): Float32Array {
  const bank = new Float32Array(count * latent);
  Random.fromSeed(noiseBankSeed, `bank ${latent}`).fillNormal(bank);
  return bank;
}
