/** Which of the tiles that are shown are among the chosen stops. */
import type { LatentName } from "../../shared/contract/explore";

/** By the tile's number: its place among the stops, from 1. */
export function marksOf(
  latents: readonly LatentName[],
  stops: readonly { latent: LatentName }[],
): ReadonlyMap<number, number> {
  const chosen = stops.map(({ latent }) => JSON.stringify(latent));
  const places = latents.flatMap((latent, tile) => {
    const place = chosen.indexOf(JSON.stringify(latent)) + 1;
    return place > 0 ? [[tile, place] as const] : [];
  });
  return new Map(places);
}
