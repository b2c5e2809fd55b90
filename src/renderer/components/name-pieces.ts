/** What of a run's name may be cut where there is no room, and what may not. */
export interface NamePiece {
  words: string;
  end: string;
}

const separator = " · ";

/**
 * `Learning rate 2e-4, Batch size 32 · seed 1` has the ends `2e-4,` and `32 · seed 1`; `MLP · fork @120` has the end
 * `· fork @120`. None where there is no such part.
 */
export function piecesOf(name: string): NamePiece[] {
  const at = name.lastIndexOf(separator);
  const settings = (at < 0 ? name : name.slice(0, at)).split(", ");
  const values = settings.map(valueOf);
  const last = at < 0 ? "" : name.slice(at);
  if (values.every((piece) => piece !== null) && (at > 0 || values.length > 1))
    return values.map(({ words, end }, index) => ({
      words,
      end: index < values.length - 1 ? `${end},` : `${end}${last}`,
    }));
  return at > 0 ? [{ words: name.slice(0, at), end: last.trimStart() }] : [];
}

/** A setting's name and the number behind it. */
function valueOf(setting: string): NamePiece | null {
  const at = setting.lastIndexOf(" ");
  const end = setting.slice(at + 1);
  return at > 0 && /\d/.test(end) ? { words: setting.slice(0, at), end } : null;
}
