/** A program of ours as the text of one script, as `tools/inline-script.ts` bundles it. */
declare module "*?script" {
  const text: string;
  export default text;
}
