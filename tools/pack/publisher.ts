/**
 * Who packs the application and where it is at home, which deb and rpm must name: from the environment. Nothing is made
 * up that could be somebody's: without them the packages name addresses of the domain `.invalid`, which lead nowhere
 * (RFC 2606, section 2).
 */
interface Publisher {
  homepage: string;
  /** "Name <address>". */
  maintainer: string;
  /** For who builds: what was found. */
  sentence: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

export function publisherOf(variables: Variables = process.env): Publisher {
  const homepage = variables.GAN_WORKBENCH_HOMEPAGE;
  const maintainer = variables.GAN_WORKBENCH_MAINTAINER;
  const missing = [
    ...(homepage ? [] : ["no home page (GAN_WORKBENCH_HOMEPAGE)"]),
    ...(maintainer ? [] : ["no maintainer (GAN_WORKBENCH_MAINTAINER)"]),
  ];
  return {
    homepage: homepage ?? "https://gan-workbench.invalid",
    maintainer:
      maintainer ??
      "The GAN Workbench developers <nobody@gan-workbench.invalid>",
    sentence:
      missing.length === 0
        ? `The packages name ${maintainer} and ${homepage}.`
        : `Named is ${missing.join(" and ")}: the packages carry an address of .invalid in that place, which leads nowhere.`,
  };
}
